using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <summary>Batches of bytes from the transport into typed records, one at a time, in the reader's own rhythm.</summary>
internal sealed partial class TopicConsumer<TKey, TValue> : ITopicConsumer<TKey, TValue>
{
    private static readonly long LatestTimeMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly SlotReader<TKey> _keys;
    private readonly SlotReader<TValue> _values;
    private readonly IConsumerTransport _transport;
    private readonly ConsumerOptions _options;
    private readonly ILogger _logger;

    private IncomingBatch? _batch;
    private int _next;
    private AssignedPartition? _inHand;
    private int _isReading;

    public TopicConsumer(
        Topic<TKey, TValue> topic,
        string groupId,
        SlotReader<TKey> keys,
        SlotReader<TValue> values,
        IConsumerTransport transport,
        ConsumerOptions options,
        ILogger logger)
    {
        Topic = topic;
        GroupId = groupId;
        _keys = keys;
        _values = values;
        _transport = transport;
        _options = options;
        _logger = logger;
    }

    private enum Step
    {
        /// <summary>A record is ready.</summary>
        Record,

        /// <summary>A record was passed over.</summary>
        Nothing,

        /// <summary>The key's schema must be prepared.</summary>
        KeySchema,

        /// <summary>The value's schema must be prepared.</summary>
        ValueSchema,

        /// <summary>The batch is read.</summary>
        End,
    }

    public Topic<TKey, TValue> Topic { get; }

    public string GroupId { get; }

    public IReadOnlyList<TopicPartition> Assignment => [.. _transport.Assignment.Select(partition => partition.Name)];

    public async Task<IReadOnlyList<TopicPartition>> WaitForAssignmentAsync(CancellationToken cancellationToken = default)
    {
        await _transport.WaitForAssignmentAsync(cancellationToken).ConfigureAwait(false);
        return Assignment;
    }

    public async IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("This consumer is being read already: one loop at a time.");
        }

        try
        {
            while (true)
            {
                if (_inHand is not null)
                {
                    // Before the look at the token: a record that was handled while the program was told to stop is handled.
                    await SettleAsync(cancellationToken).ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (_batch is null)
                {
                    _batch = await _transport.ReadAsync(cancellationToken).ConfigureAwait(false);
                    _next = 0;
                    if (_batch is null)
                    {
                        yield break;
                    }
                }

                switch (TakeNext(out var record, out var schemaId))
                {
                    case Step.Record:
                        yield return record;
                        break;
                    case Step.KeySchema:
                        await PrepareAsync(_keys, RecordSlot.Key, schemaId, cancellationToken).ConfigureAwait(false);
                        break;
                    case Step.ValueSchema:
                        await PrepareAsync(_values, RecordSlot.Value, schemaId, cancellationToken).ConfigureAwait(false);
                        break;
                    case Step.End:
                        _batch.Dispose();
                        _batch = null;
                        break;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken = default)
    {
        var positions = new List<(int, long)>();
        foreach (var partition in _transport.Assignment)
        {
            if (partition.HandedOutOffset != AssignedPartition.NoOffset)
            {
                partition.HandleUpTo(partition.HandedOutOffset);
                positions.Add((partition.Name.Partition, partition.HandedOutOffset));
            }
        }

        return _transport.CommitAsync(positions, cancellationToken);
    }

    public Task CommitAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken = default)
    {
        foreach (var partition in _transport.Assignment)
        {
            if (partition.Name.Partition == record.Partition)
            {
                partition.HandleUpTo(record.Offset + 1);
                return _transport.CommitAsync([(record.Partition, record.Offset + 1)], cancellationToken);
            }
        }

        _logger.CommitLeftOut(Topic.Name, record.Partition, record.Offset);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    /// <summary>The loop has come back for the next record: the one in hand is handled.</summary>
    private ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        var partition = _inHand!;
        _inHand = null;
        partition.HandleUpTo(partition.HandedOutOffset);
        if (_options.CommitMode != CommitMode.AfterHandling)
        {
            return ValueTask.CompletedTask;
        }

        if (partition.IsRevoked)
        {
            _logger.CommitLeftOut(Topic.Name, partition.Name.Partition, partition.HandledOffset - 1);
            return ValueTask.CompletedTask;
        }

        return CommitHandledAsync(partition, cancellationToken);
    }

    private async ValueTask CommitHandledAsync(AssignedPartition partition, CancellationToken cancellationToken)
    {
        var offset = partition.HandledOffset;
        try
        {
            await _transport.CommitAsync([(partition.Name.Partition, offset)], cancellationToken).ConfigureAwait(false);
        }
        catch (BrokerException refusal) when (refusal.Code is "REBALANCE_IN_PROGRESS" or "ILLEGAL_GENERATION" or "UNKNOWN_MEMBER_ID")
        {
            // Members come and go, which is no failure of the reader's: the next commit covers the record if the
            // partition stays, and its next owner reads it again if not.
            _logger.CommitLeftOut(Topic.Name, partition.Name.Partition, offset - 1);
        }
    }

    private Step TakeNext(out ConsumedRecord<TKey, TValue> record, out int missingSchemaId)
    {
        record = default;
        missingSchemaId = 0;
        var batch = _batch!;
        if (_next == batch.Count)
        {
            return Step.End;
        }

        ref readonly var incoming = ref batch.Record(_next);
        if (incoming.Partition.IsRevoked)
        {
            _next++;
            return Step.Nothing;
        }

        var slot = RecordSlot.Key;
        try
        {
            var key = default(TKey)!;
            if (incoming.KeyLength >= 0 && !_keys.TryRead(batch.Key(in incoming), out key, out missingSchemaId))
            {
                return Step.KeySchema;
            }

            slot = RecordSlot.Value;
            var value = default(TValue)!;
            if (incoming.ValueLength >= 0 && !_values.TryRead(batch.Value(in incoming), out value, out missingSchemaId))
            {
                return Step.ValueSchema;
            }

            record = Compose(in incoming, key, value);
        }
        catch (SchemaSerializationException misfit)
        {
            PassOverOrThrow(in incoming, slot, misfit);
            return Step.Nothing;
        }

        _next++;
        incoming.Partition.HandedOutOffset = incoming.Offset + 1;
        _inHand = incoming.Partition;
        return Step.Record;
    }

    private ConsumedRecord<TKey, TValue> Compose(in IncomingRecord incoming, TKey key, TValue value) => new(
        Topic.Name,
        incoming.Partition.Name.Partition,
        incoming.Offset,
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(incoming.TimestampMs, 0, LatestTimeMs)), // any client may write any time
        key,
        value,
        HasKey: incoming.KeyLength >= 0,
        IsTombstone: incoming.ValueLength < 0,
        incoming.Headers ?? RecordHeaders.Empty);

    private async ValueTask PrepareAsync<T>(
        SlotReader<T> reader, RecordSlot slot, int schemaId, CancellationToken cancellationToken)
    {
        try
        {
            await reader.PrepareAsync(schemaId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception misfit) when (misfit is SchemaSerializationException or TopicContractException)
        {
            PassOverOrThrow(in _batch!.Record(_next), slot, misfit);
        }
    }

    private void PassOverOrThrow(in IncomingRecord incoming, RecordSlot slot, Exception misfit)
    {
        var (topic, partition) = incoming.Partition.Name;
        Telemetry.CountUnreadable(topic);
        if (_options.DecodeFailure.Finally == FailureAction.Throw)
        {
            throw new RecordDecodeException(new RecordPosition(topic, partition, incoming.Offset), slot, misfit);
        }

        _logger.RecordSkipped(topic, partition, incoming.Offset, misfit);
        _next++;
        incoming.Partition.HandedOutOffset = incoming.Offset + 1;
        _inHand = incoming.Partition;
    }
}
