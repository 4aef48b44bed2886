using SchemaStream.Broker.Storage.Indexes;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Producers;

/// <summary>
/// The producers of a partition: tells a batch that was sent twice from one that leaves a gap, and one of a fenced
/// producer from either. Derived from the log alone, so that every replica and every restart comes to the same table.
/// </summary>
internal sealed class ProducerStateTable
{
    /// <summary>Transactions v2 (KIP-890): every end of a transaction has an epoch of its own.</summary>
    private const short FirstVersionWithEpochBumps = 2;

    private readonly Dictionary<long, ProducerState> _producers = [];
    private readonly Queue<(long FirstOffset, long MarkerOffset)> _ended = [];

    /// <summary>First offsets of the transactions under way. New ones come at the end, as offsets only rise.</summary>
    private readonly List<long> _ongoing = [];

    public int Count => _producers.Count;

    /// <summary>
    /// The first offset of the oldest transaction that is under way, or whose end is not committed yet: another leader may
    /// not have its marker. Null when there is none.
    /// </summary>
    public long? FirstUnstableOffset { get; private set; }

    internal IReadOnlyCollection<ProducerState> Producers => _producers.Values;

    /// <summary>Whether the producer, with this epoch, has a transaction under way here.</summary>
    public bool HasTransaction(long producerId, short producerEpoch) =>
        _producers.TryGetValue(producerId, out var producer)
        && producer.CurrentTransactionFirstOffset >= 0
        && producer.ProducerEpoch == producerEpoch;

    /// <summary>Whether a batch of the producer's newest epoch is remembered.</summary>
    public bool HasBatches(long producerId) => _producers.TryGetValue(producerId, out var producer) && producer.BatchCount > 0;

    /// <summary>
    /// Checks a marker. Of transactions v2 it has to have a newer epoch than the records, so that one that comes late cannot
    /// end the next transaction; only a marker that was written already may come again.
    /// </summary>
    public ErrorCode CheckMarker(RecordBatchHeader header, in EndTransactionMarker marker, short transactionVersion)
    {
        if (!_producers.TryGetValue(header.ProducerId, out var producer))
        {
            return ErrorCode.None;
        }

        var isRepeated = header.ProducerEpoch == producer.ProducerEpoch && producer.CurrentTransactionFirstOffset < 0;
        if (header.ProducerEpoch < producer.ProducerEpoch
            || (transactionVersion >= FirstVersionWithEpochBumps && header.ProducerEpoch == producer.ProducerEpoch && !isRepeated))
        {
            return ErrorCode.InvalidProducerEpoch;
        }

        return marker.CoordinatorEpoch < producer.CoordinatorEpoch ? ErrorCode.TransactionCoordinatorFenced : ErrorCode.None;
    }

    /// <summary>Checks a batch against what the producer sent before. Changes nothing.</summary>
    /// <param name="duplicate">With no error and true returned in it: the batch was written already, there.</param>
    public ErrorCode Check(RecordBatchHeader header, AppendOrigin origin, out ProducerBatch? duplicate)
    {
        duplicate = null;
        if (!header.HasProducerId || !_producers.TryGetValue(header.ProducerId, out var producer))
        {
            return ErrorCode.None;
        }

        if (header.ProducerEpoch < producer.ProducerEpoch)
        {
            return ErrorCode.InvalidProducerEpoch;
        }

        if (origin != AppendOrigin.Client)
        {
            return ErrorCode.None;
        }

        if (producer.TryFindDuplicate(header, out var earlier))
        {
            duplicate = earlier;
            return ErrorCode.None;
        }

        if (!IsInSequence(producer, header))
        {
            return ErrorCode.OutOfOrderSequenceNumber;
        }

        return producer.CurrentTransactionFirstOffset >= 0 && !header.IsTransactional ? ErrorCode.InvalidTxnState : ErrorCode.None;
    }

    /// <summary>Markers below this offset are committed: the transactions that they ended are stable.</summary>
    public void CommittedTo(long highWatermark)
    {
        var isFirstGone = false;
        while (_ended.TryPeek(out var ended) && ended.MarkerOffset < highWatermark)
        {
            _ended.Dequeue();
            isFirstGone |= ended.FirstOffset == FirstUnstableOffset;
        }

        if (isFirstGone)
        {
            FirstUnstableOffset = FindFirstUnstable();
        }
    }

    /// <summary>Notes a batch that is in the log, whatever it says: the log has the last word.</summary>
    /// <param name="marker">Of a control batch, unless compaction has emptied it.</param>
    /// <returns>The transaction that the batch aborted, if it did.</returns>
    public AbortedTransactionEntry? Replay(RecordBatchHeader header, EndTransactionMarker? marker = null)
    {
        if (!header.HasProducerId)
        {
            return null;
        }

        var producer = GetOrAdd(header.ProducerId);
        if (header.ProducerEpoch < producer.ProducerEpoch)
        {
            return null;
        }

        producer.UpdateEpoch(header.ProducerEpoch);
        if (header.IsControlBatch)
        {
            // Every control batch that carries a producer id ends that producer's transaction.
            producer.Touch(header.MaxTimestamp);
            producer.CoordinatorEpoch = marker?.CoordinatorEpoch ?? producer.CoordinatorEpoch;
            return EndTransaction(producer, header.LastOffset) is { } firstOffset && marker is { IsCommit: false }
                ? new AbortedTransactionEntry(
                    header.ProducerId, firstOffset, header.LastOffset, _ongoing.Count > 0 ? _ongoing[0] : header.NextOffset)
                : null;
        }

        producer.Add(new ProducerBatch(
            header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        if (header.IsTransactional && producer.CurrentTransactionFirstOffset < 0)
        {
            producer.CurrentTransactionFirstOffset = header.BaseOffset;
            Begin(header.BaseOffset);
        }

        return null;
    }

    /// <summary>Forgets producers that were not heard of for long; never one with a transaction under way.</summary>
    public int Expire(long nowMs, long expirationMs)
    {
        var before = _producers.Count;
        foreach (var (id, producer) in _producers)
        {
            if (IsIdle(producer) && nowMs - producer.LastTimestamp >= expirationMs)
            {
                _producers.Remove(id);
            }
        }

        return before - _producers.Count;
    }

    /// <summary>
    /// Keeps the table within a limit by forgetting those not heard of for longest, an eighth at a time, so that a client
    /// that invents ids cannot make every append search the whole table.
    /// </summary>
    public void Limit(int maxProducers)
    {
        if (_producers.Count <= maxProducers)
        {
            return;
        }

        var surplus = _producers.Count - (maxProducers - (maxProducers / 8));
        foreach (var producer in _producers.Values.Where(IsIdle).OrderBy(producer => producer.LastTimestamp).Take(surplus).ToList())
        {
            _producers.Remove(producer.ProducerId);
        }
    }

    public void Clear()
    {
        _producers.Clear();
        _ended.Clear();
        _ongoing.Clear();
        FirstUnstableOffset = null;
    }

    internal void Restore(ProducerState producer)
    {
        _producers[producer.ProducerId] = producer;
        if (producer.CurrentTransactionFirstOffset >= 0)
        {
            Begin(producer.CurrentTransactionFirstOffset);
        }
    }

    private static bool IsIdle(ProducerState producer) => producer.CurrentTransactionFirstOffset < 0;

    private static bool IsInSequence(ProducerState producer, RecordBatchHeader header)
    {
        if (header.ProducerEpoch != producer.ProducerEpoch)
        {
            return header.BaseSequence == 0;
        }

        // Known by its epoch only (a marker ended its transaction), the producer begins anew with 0, as after a bump.
        var expected = producer.LastSequence == RecordBatchHeader.NoSequence
            ? 0
            : RecordBatchHeader.AddToSequence(producer.LastSequence, 1);
        return header.BaseSequence == expected;
    }

    private void Begin(long firstOffset)
    {
        var index = _ongoing.BinarySearch(firstOffset);
        _ongoing.Insert(index < 0 ? ~index : index, firstOffset);
        FirstUnstableOffset = Math.Min(FirstUnstableOffset ?? long.MaxValue, firstOffset);
    }

    private long? FindFirstUnstable()
    {
        var first = _ongoing.Count > 0 ? _ongoing[0] : long.MaxValue;
        foreach (var (firstOffset, _) in _ended)
        {
            first = Math.Min(first, firstOffset);
        }

        return first == long.MaxValue ? null : first;
    }

    private ProducerState GetOrAdd(long producerId)
    {
        if (!_producers.TryGetValue(producerId, out var producer))
        {
            producer = new ProducerState(producerId);
            _producers.Add(producerId, producer);
        }

        return producer;
    }

    /// <returns>Where the transaction began; null when none was under way.</returns>
    private long? EndTransaction(ProducerState producer, long markerOffset)
    {
        var firstOffset = producer.CurrentTransactionFirstOffset;
        if (firstOffset < 0)
        {
            return null;
        }

        // Unstable until the marker is committed: the first unstable offset stays where it is.
        _ended.Enqueue((firstOffset, markerOffset));
        _ongoing.RemoveAt(_ongoing.BinarySearch(firstOffset));
        producer.CurrentTransactionFirstOffset = -1;
        return firstOffset;
    }
}
