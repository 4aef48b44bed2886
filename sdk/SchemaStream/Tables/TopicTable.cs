using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SchemaStream.Consuming;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream.Tables;

/// <summary>The latest value of every key. One loop writes, anyone reads.</summary>
internal sealed class TopicTable<TKey, TValue> : ITopicTable<TKey, TValue>, IAssignmentListener
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _rows;
    private readonly RecordSource<TKey, TValue> _source;
    private readonly IConsumerTransport _transport;
    private readonly ILogger _logger;
    private readonly TableChanges<TKey, TValue> _changes;
    private readonly PositionWaiters _waiters = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The partitions that were read to their end once; touched by the loop alone.</summary>
    private readonly HashSet<int> _complete = [];

    /// <summary>Ends what the loop waits for besides records; holds nothing, so that it need not be disposed of.</summary>
    private readonly CancellationTokenSource _closing = new();

    private readonly Task _loop;
    private volatile Exception? _failure;

    /// <summary>Makes the table and begins to read.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="keys">Reads keys.</param>
    /// <param name="values">Reads values.</param>
    /// <param name="transport">Reads all partitions; the table owns it.</param>
    /// <param name="options">How to read.</param>
    /// <param name="keyComparer">How keys are told apart; null for the type's own equality.</param>
    /// <param name="logger">Where failures are logged.</param>
    public TopicTable(
        Topic<TKey, TValue> topic,
        SlotReader<TKey> keys,
        SlotReader<TValue> values,
        IConsumerTransport transport,
        TableOptions options,
        IEqualityComparer<TKey>? keyComparer,
        ILogger logger)
    {
        Topic = topic;
        _rows = new ConcurrentDictionary<TKey, TValue>(keyComparer);
        _transport = transport;
        _logger = logger;
        _changes = new TableChanges<TKey, TValue>(topic.Name, options.ChangeCapacity);
        _source = new RecordSource<TKey, TValue>(
            topic.Name, groupId: null, keys, values, transport, options.DecodeFailure, failed: null, logger)
        {
            WaitsForRegistry = false, // before it is caught up, who has made it can make it again
        };
        transport.Open(this);
        _loop = Task.Run(ReadAsync);
    }

    public Topic<TKey, TValue> Topic { get; }

    public bool IsReady => _ready.Task.IsCompletedSuccessfully && _failure is null;

    public int Count
    {
        get
        {
            Demand();
            return _rows.Count;
        }
    }

    public IReadOnlyList<RecordPosition> Positions =>
    [
        .. _transport.Assignment.Select(partition => new RecordPosition(
            Topic.Name,
            partition.Name.Partition,
            partition.HandedOutOffset == AssignedPartition.NoOffset ? PartitionOffset.Unknown : partition.HandedOutOffset)),
    ];

    public TValue this[TKey key] =>
        TryGet(key, out var value) ? value : throw new KeyNotFoundException($"The table of topic '{Topic.Name}' has no key '{key}'.");

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        Demand();
        return _rows.TryGetValue(key, out value);
    }

    public Task WhenReadyAsync(CancellationToken cancellationToken = default) => _ready.Task.WaitAsync(cancellationToken);

    public Task WhenAppliedAsync(RecordPosition position, CancellationToken cancellationToken = default)
    {
        if (!string.Equals(position.Topic, Topic.Name, StringComparison.Ordinal) || position.Offset < 0)
        {
            throw new ArgumentException($"{position} is no known place in topic '{Topic.Name}'.", nameof(position));
        }

        Demand();
        return _waiters.WaitAsync(position, AppliedUpTo).WaitAsync(cancellationToken);
    }

    public IAsyncEnumerable<TableChange<TKey, TValue>> ReadChangesAsync(CancellationToken cancellationToken = default)
    {
        Demand();
        return _changes.FollowAsync(cancellationToken);
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        Demand();
        return ((IEnumerable<KeyValuePair<TKey, TValue>>)_rows.ToArray()).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    IReadOnlyDictionary<int, long>? IAssignmentListener.OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed) => null;

    void IAssignmentListener.OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment)
    {
        // Only when it closes: no group gives its partitions to others.
    }

    void IAssignmentListener.OnLost(IReadOnlyList<AssignedPartition> partitions)
    {
    }

    private void Demand()
    {
        if (_failure is { } failure)
        {
            throw OutOfDate(failure);
        }
    }

    private InvalidOperationException OutOfDate(Exception failure) => failure is ObjectDisposedException
        ? new ObjectDisposedException(nameof(ITopicTable<TKey, TValue>), $"The table of topic '{Topic.Name}' is disposed of.")
        : new InvalidOperationException($"The table of topic '{Topic.Name}' is not up to date any more: {failure.Message}", failure);

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var step = _source.TakeNext(out var record);
                if (step == SourceStep.Record)
                {
                    Apply(in record);
                }
                else if (step == SourceStep.PartitionEnd)
                {
                    Complete();
                }
                else if (step != SourceStep.Nothing)
                {
                    if (!await _source.AdvanceAsync(step, _closing.Token).ConfigureAwait(false))
                    {
                        End(new ObjectDisposedException(nameof(ITopicTable<TKey, TValue>)));
                        return;
                    }

                    if (_source.HasPassedOver)
                    {
                        Advance(_source.Offset + 1);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            End(new ObjectDisposedException(nameof(ITopicTable<TKey, TValue>)));
        }
        catch (Exception failure)
        {
            // Whatever it is: those who look something up are told, rather than given what is out of date.
            _logger.PollingFailed(Topic.Name, failure);
            End(failure);
        }
        finally
        {
            _source.DropBatch();
        }
    }

    private void End(Exception failure)
    {
        _failure = failure;
        if (_ready.TrySetException(failure))
        {
            _ = _ready.Task.Exception; // seen: often no one waits
        }

        _waiters.Fail(OutOfDate(failure));
        _changes.End(failure is ObjectDisposedException ? null : failure);
    }

    private void Apply(in ConsumedRecord<TKey, TValue> record)
    {
        if (!record.HasKey)
        {
            Telemetry.CountUnreadable(Topic.Name);
            _logger.RecordSkipped(
                Topic.Name, record.Partition, record.Offset, new SchemaSerializationException("it has no key, and a table is made of keys"));
        }
        else
        {
            if (record.IsTombstone)
            {
                _rows.TryRemove(record.Key, out _);
            }
            else
            {
                _rows[record.Key] = record.Value;
            }

            _changes.Publish(new TableChange<TKey, TValue>(record.Key, record.Value, record.IsTombstone, record.Position));
        }

        Advance(record.Offset + 1);
    }

    private void Complete()
    {
        Advance(_source.Offset);
        if (!_ready.Task.IsCompleted
            && _complete.Add(_source.Partition.Name.Partition)
            && _complete.Count >= _transport.Assignment.Count)
        {
            _source.WaitsForRegistry = true;
            _ready.TrySetResult();
        }
    }

    private void Advance(long offset)
    {
        var partition = _source.Partition;
        if (offset > partition.HandedOutOffset)
        {
            partition.HandedOutOffset = offset;
            _waiters.Applied(partition.Name.Partition, offset);
        }
    }

    private long AppliedUpTo(int partition) =>
        _transport.Assignment.FirstOrDefault(assigned => assigned.Name.Partition == partition)?.HandedOutOffset
        ?? AssignedPartition.NoOffset;
}
