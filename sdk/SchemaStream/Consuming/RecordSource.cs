using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SchemaStream.Consuming.Failures;
using SchemaStream.Consuming.Processing;
using SchemaStream.Observation;
using SchemaStream.Registry.Client;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <summary>Batches of bytes from the transport into typed records, one at a time. For one reader.</summary>
/// <remarks>
/// <see cref="TakeNext"/> does what needs no waiting; what it cannot do, <see cref="AdvanceAsync"/> does. So a stretch of
/// records costs no state machine and allocates nothing.
/// </remarks>
internal sealed class RecordSource<TKey, TValue>
{
    private static readonly long LatestTimeMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>How soon the registry is asked again that was away; it has tried for a while by itself by then.</summary>
    private static readonly TimeSpan RegistryRetry = TimeSpan.FromMilliseconds(500);

    private const int LongestStride = 512;

    /// <summary>How often records are counted amid a batch, about.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _topic;
    private readonly string? _groupId;
    private readonly SlotReader<TKey> _keys;
    private readonly SlotReader<TValue> _values;
    private readonly IConsumerTransport _transport;
    private readonly FailurePolicy _unreadable;
    private readonly IFailedRecords? _failed;
    private readonly ILogger _logger;

    private IncomingBatch? _batch;
    private int _next;

    /// <summary>The record that was taken last, whose bytes are kept until the next look; -1 for none.</summary>
    private int _taken = -1;

    /// <summary>Where the look stops to count the records so far; the batch's end, when no one listens.</summary>
    private int _stop;

    /// <summary>How many records there are between two such stops: few of a slow reader's, who is to be seen.</summary>
    private int _stride = 1;
    private long _countedAt;

    /// <summary>Of the records up to <see cref="_next"/>: how many were counted already, or are not to be.</summary>
    private int _uncounted;

    private int _missingSchemaId;
    private RecordSlot _slot;
    private Exception? _misfit;

    /// <summary>Makes a source.</summary>
    /// <param name="topic">The topic that records say they are of.</param>
    /// <param name="groupId">The group for which they are counted; null for none.</param>
    /// <param name="keys">Reads keys.</param>
    /// <param name="values">Reads values.</param>
    /// <param name="transport">Where the bytes come from.</param>
    /// <param name="unreadable">What to do with records that cannot be read.</param>
    /// <param name="failed">Where they go if they are not just passed over.</param>
    /// <param name="logger">Where they are logged.</param>
    public RecordSource(
        string topic,
        string? groupId,
        SlotReader<TKey> keys,
        SlotReader<TValue> values,
        IConsumerTransport transport,
        FailurePolicy unreadable,
        IFailedRecords? failed,
        ILogger logger)
    {
        _topic = topic;
        _groupId = groupId;
        _keys = keys;
        _values = values;
        _transport = transport;
        _unreadable = unreadable;
        _failed = failed;
        _logger = logger;
    }

    /// <summary>
    /// Whether a registry that is away is waited for, as brokers are: the record at hand cannot be read without the schema, and
    /// it is no fault of the record's.
    /// </summary>
    public bool WaitsForRegistry { get; set; } = true;

    /// <summary>The partition of the last record that was taken or passed over.</summary>
    public AssignedPartition Partition { get; private set; } = null!;

    /// <summary>The generation of that record.</summary>
    public int Generation { get; private set; }

    /// <summary>The offset of that record; or of the end, of a partition that is read to its end.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the last call of <see cref="AdvanceAsync"/> has passed over a record.</summary>
    public bool HasPassedOver { get; private set; }

    /// <summary>The bytes of the record that was taken last, until the next look.</summary>
    public IncomingRecord Bytes => _batch!.Read(_taken);

    /// <summary>Looks for the next record.</summary>
    /// <param name="record">The record, if there is one.</param>
    public SourceStep TakeNext(out ConsumedRecord<TKey, TValue> record)
    {
        Unsafe.SkipInit(out record);
        if (_batch is not { } batch)
        {
            return SourceStep.NoBatch;
        }

        if (_taken >= 0)
        {
            batch.Release(_taken);
            _taken = -1;
        }

        if (_next == _stop && !CountAndGoOn(batch))
        {
            return SourceStep.NoBatch;
        }

        var incoming = batch.Read(_next);
        var partition = incoming.Partition;
        if (!partition.IsCurrent(incoming.Generation)
            || (partition.IsHeldBack && partition.TryDrop(incoming.Generation, incoming.Offset)))
        {
            batch.Release(_next++);
            _uncounted++;
            return SourceStep.Nothing;
        }

        return incoming.IsEnd ? PassEnd(in incoming) : Decode(batch, in incoming, out record);
    }

    /// <summary>Does what a look could not: waits for a batch, prepares a schema, acts upon an unreadable record.</summary>
    /// <remarks>
    /// Says in <see cref="HasPassedOver"/> whether it has passed over a record, whose place the source then has. Not so when the
    /// application has gone elsewhere meanwhile: the record is of the old place.
    /// </remarks>
    /// <param name="step">What the look has found.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when the consumer is closed.</returns>
    /// <exception cref="RecordDecodeException">The record cannot be read, and the policy is to throw.</exception>
    public ValueTask<bool> AdvanceAsync(SourceStep step, CancellationToken cancellationToken)
    {
        HasPassedOver = false;
        if (step != SourceStep.NoBatch)
        {
            return AdvanceSlowlyAsync(step, cancellationToken);
        }

        DropBatch();
        var read = _transport.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            return WaitForBatchAsync(read);
        }

        return new ValueTask<bool>(Has(read.Result));
    }

    /// <summary>Goes on with the next batch if there is one already.</summary>
    public bool TryAdvance()
    {
        DropBatch();
        return Has(_transport.TryRead());
    }

    /// <summary>Gives back what is in hand; for the end.</summary>
    public void DropBatch()
    {
        CountTaken();
        _batch?.Dispose();
        _batch = null;
        _next = 0;
        _taken = -1;
        _uncounted = 0;
    }

    /// <summary>Counts the records that were handed out and are not counted yet: many at once, rather than each.</summary>
    public void CountTaken()
    {
        var count = _next - _uncounted;
        if (count > 0 && _groupId is not null)
        {
            ClientMetrics.CountConsumed(_topic, _groupId, count);
        }

        _uncounted = _next;
    }

    /// <summary>The record that was taken last is not handed out after all.</summary>
    public void TakeBack() => _uncounted++;

    private SourceStep PassEnd(in IncomingRecord incoming)
    {
        Place(in incoming);
        _batch!.Release(_next++);
        _uncounted++;
        return SourceStep.PartitionEnd;
    }

    private void Place(in IncomingRecord incoming)
    {
        Partition = incoming.Partition;
        Generation = incoming.Generation;
        Offset = incoming.Offset;
    }

    private SourceStep Decode(IncomingBatch batch, in IncomingRecord incoming, out ConsumedRecord<TKey, TValue> record)
    {
        Unsafe.SkipInit(out record);
        _slot = RecordSlot.Key;
        try
        {
            var key = default(TKey)!;
            if (incoming.HasKey && !_keys.TryRead(incoming.Key, out key, out _missingSchemaId))
            {
                return SourceStep.KeySchema;
            }

            _slot = RecordSlot.Value;
            var value = default(TValue)!;
            if (incoming.HasValue && !_values.TryRead(incoming.Value, out value, out _missingSchemaId))
            {
                return SourceStep.ValueSchema;
            }

            record = new ConsumedRecord<TKey, TValue>(
                _topic,
                incoming.Partition.Name.Partition,
                incoming.Offset,
                DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(incoming.TimestampMs, 0, LatestTimeMs)), // any client may write any time
                key,
                value,
                HasKey: incoming.HasKey,
                IsTombstone: !incoming.HasValue,
                batch.ReadHeaders(_next) ?? RecordHeaders.Empty);
        }
        catch (Exception misfit) when (misfit is not OutOfMemoryException)
        {
            // A format's own exception or, from a plug-in, any other: such bytes are no reason to lose the place.
            _misfit = misfit;
            return SourceStep.Unreadable;
        }

        Place(in incoming);
        _taken = _next++;
        return SourceStep.Record;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitForBatchAsync(ValueTask<IncomingBatch?> read)
    {
        return Has(await read.ConfigureAwait(false));
    }

    private bool Has(IncomingBatch? batch)
    {
        _batch = batch;
        var count = batch?.Count ?? 0;
        _stop = ClientMetrics.CountsConsumed ? Math.Min(_stride, count) : count;
        return batch is not null;
    }

    /// <returns>Whether there are more records.</returns>
    private bool CountAndGoOn(IncomingBatch batch)
    {
        if (_next == batch.Count)
        {
            return false;
        }

        CountTaken();
        _stride = Stopwatch.GetElapsedTime(_countedAt) < CountInterval ? Math.Min(_stride * 2, LongestStride) : Math.Max(_stride / 2, 1);
        _countedAt = Stopwatch.GetTimestamp();
        _stop = Math.Min(_next + _stride, batch.Count);
        return true;
    }

    private async ValueTask<bool> AdvanceSlowlyAsync(SourceStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case SourceStep.KeySchema:
                await PrepareAsync(_keys, cancellationToken).ConfigureAwait(false);
                break;
            case SourceStep.ValueSchema:
                await PrepareAsync(_values, cancellationToken).ConfigureAwait(false);
                break;
            case SourceStep.Unreadable:
                await PassOverOrThrowAsync(cancellationToken).ConfigureAwait(false);
                break;
        }

        return true;
    }

    private async ValueTask PrepareAsync<T>(SlotReader<T> reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await reader.PrepareAsync(_missingSchemaId, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception misfit) when (misfit is SchemaSerializationException or TopicContractException)
            {
                _misfit = misfit;
                await PassOverOrThrowAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (RegistryException away) when (WaitsForRegistry && away is RegistryUnreachableException or { Status: 408 or 429 or >= 500 })
            {
                _logger.ReadingWaitsForRegistry(_topic, away.Message);
                await Task.Delay(RegistryRetry, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                if (IsVoid())
                {
                    return; // its partition has left or gone elsewhere meanwhile, as the next look finds
                }
            }
        }
    }

    private bool IsVoid()
    {
        var incoming = _batch!.Read(_next);
        return !incoming.Partition.IsCurrent(incoming.Generation);
    }

    private async ValueTask PassOverOrThrowAsync(CancellationToken cancellationToken)
    {
        Place(_batch!.Read(_next));
        var seekCount = Partition.SeekCount;
        if (!Partition.IsCurrent(Generation))
        {
            return; // it has become void while its schema was asked for, as the next look finds
        }

        var position = new RecordPosition(Partition.Name.Topic, Partition.Name.Partition, Offset);
        var failure = new RecordDecodeException(position, _slot, _misfit!);
        Telemetry.CountUnreadable(_topic);
        if (_unreadable.Finally == FailureAction.Throw || (_unreadable.Finally == FailureAction.DeadLetter && _failed is null))
        {
            Telemetry.CountFailure(_topic, FailureAction.Throw);
            throw failure;
        }

        if (_unreadable.Finally == FailureAction.DeadLetter)
        {
            var (record, attempts) = FailedRecordInHand();
            await _failed!.DeadLetterAsync(record, failure, attempts, _unreadable, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _logger.RecordSkipped(position.Topic, position.Partition, position.Offset, _misfit!);
        }

        Telemetry.CountFailure(_topic, _unreadable.Finally);
        _batch.Release(_next++);
        _uncounted++;
        HasPassedOver = Partition.SeekCount == seekCount;
    }

    /// <summary>The record as it was first read, also where it comes out of a retry topic; and how often it has failed by now.</summary>
    private (FailedRecord Record, int Attempts) FailedRecordInHand()
    {
        var record = FailedRecord.Of(_batch!.Read(_next), _batch.ReadHeaders(_next));
        if (record.Source.Topic == _topic || !RetryHeaders.TryRead(record.Headers, out var retry) || retry.Group != _groupId)
        {
            return (record, 1);
        }

        return (
            record with { Source = retry.Source, Timestamp = retry.Timestamp ?? record.Timestamp },
            RetryHeaders.AttemptsOf(record.Headers) + 1);
    }
}
