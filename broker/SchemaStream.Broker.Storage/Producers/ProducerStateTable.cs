using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Producers;

/// <summary>
/// The producers of a partition: tells a batch that was sent twice from one that leaves a gap, and one of a fenced
/// producer from either. Derived from the log alone, so that every replica and every restart comes to the same table.
/// </summary>
internal sealed class ProducerStateTable
{
    private readonly Dictionary<long, ProducerState> _producers = [];
    private readonly Queue<(long FirstOffset, long MarkerOffset)> _ended = [];
    private int _ongoingTransactions;

    public int Count => _producers.Count;

    /// <summary>
    /// The first offset of the oldest transaction that is under way, or whose end is not committed yet: another leader may
    /// not have its marker. Null when there is none.
    /// </summary>
    public long? FirstUnstableOffset => _ongoingTransactions + _ended.Count == 0 ? null : FindFirstUnstable();

    internal IReadOnlyCollection<ProducerState> Producers => _producers.Values;

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

        if (producer.CurrentTransactionFirstOffset >= 0 && !header.IsTransactional)
        {
            return ErrorCode.InvalidTxnState;
        }

        return IsInSequence(producer, header) ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <summary>Markers below this offset are committed: the transactions that they ended are stable.</summary>
    public void CommittedTo(long highWatermark)
    {
        while (_ended.TryPeek(out var ended) && ended.MarkerOffset < highWatermark)
        {
            _ended.Dequeue();
        }
    }

    /// <summary>Notes a batch that is in the log, whatever it says: the log has the last word.</summary>
    public void Replay(RecordBatchHeader header)
    {
        if (!header.HasProducerId)
        {
            return;
        }

        var producer = GetOrAdd(header.ProducerId);
        if (header.ProducerEpoch < producer.ProducerEpoch)
        {
            return;
        }

        producer.UpdateEpoch(header.ProducerEpoch);
        if (header.IsControlBatch)
        {
            // Every control batch that carries a producer id ends that producer's transaction.
            EndTransaction(producer, header.LastOffset);
            producer.Touch(header.MaxTimestamp);
            return;
        }

        producer.Add(new ProducerBatch(
            header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        if (header.IsTransactional && producer.CurrentTransactionFirstOffset < 0)
        {
            producer.CurrentTransactionFirstOffset = header.BaseOffset;
            _ongoingTransactions++;
        }
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
        _ongoingTransactions = 0;
    }

    internal void Restore(ProducerState producer)
    {
        _producers[producer.ProducerId] = producer;
        _ongoingTransactions += producer.CurrentTransactionFirstOffset >= 0 ? 1 : 0;
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

    private long FindFirstUnstable()
    {
        var first = long.MaxValue;
        foreach (var producer in _producers.Values)
        {
            if (producer.CurrentTransactionFirstOffset >= 0)
            {
                first = Math.Min(first, producer.CurrentTransactionFirstOffset);
            }
        }

        foreach (var (firstOffset, _) in _ended)
        {
            first = Math.Min(first, firstOffset);
        }

        return first;
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

    private void EndTransaction(ProducerState producer, long markerOffset)
    {
        if (producer.CurrentTransactionFirstOffset >= 0)
        {
            _ended.Enqueue((producer.CurrentTransactionFirstOffset, markerOffset));
            producer.CurrentTransactionFirstOffset = -1;
            _ongoingTransactions--;
        }
    }
}
