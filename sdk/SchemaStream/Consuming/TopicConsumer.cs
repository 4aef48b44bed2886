using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SchemaStream.Consuming.Failures;
using SchemaStream.Consuming.Processing;
using SchemaStream.Serialization;
using SchemaStream.Transactions;
using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <summary>A member of a group, read in one of three rhythms: record by record, in batches, or by handlers side by side.</summary>
/// <remarks>
/// The files: this one says what is handled and commits it, <c>.Loops</c> hands records out, <c>.Steering</c> pauses and
/// seeks, <c>.Assignments</c> hears of partitions, <c>.Processing</c> runs handlers.
/// </remarks>
internal sealed partial class TopicConsumer<TKey, TValue> : ITopicConsumer<TKey, TValue>, IAssignmentListener, IGroupMember
{
    private readonly SlotReader<TKey> _keys;
    private readonly SlotReader<TValue> _values;
    private readonly IConsumerTransport _transport;
    private readonly ConsumerOptions _options;
    private readonly IFailureTopics? _failureTopics;
    private readonly FailedRecords? _failed;
    private readonly RecordSource<TKey, TValue> _source;
    private readonly ILogger _logger;

    /// <summary>What the loop has handed out and not come back from; touched by the loop alone.</summary>
    private readonly List<Mark> _inHand = [];

    private int _isReading;
    private volatile bool _isDisposed;

    /// <summary>Makes a consumer, which joins its group.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The group.</param>
    /// <param name="keys">Reads keys.</param>
    /// <param name="values">Reads values.</param>
    /// <param name="transport">The way back from the brokers; the consumer owns it.</param>
    /// <param name="options">How to read.</param>
    /// <param name="failureTopics">Makes retry and dead-letter topics; null where there are none.</param>
    /// <param name="logger">Where failures are logged.</param>
    public TopicConsumer(
        Topic<TKey, TValue> topic,
        string groupId,
        SlotReader<TKey> keys,
        SlotReader<TValue> values,
        IConsumerTransport transport,
        ConsumerOptions options,
        IFailureTopics? failureTopics,
        ILogger logger)
    {
        Topic = topic;
        GroupId = groupId;
        _keys = keys;
        _values = values;
        _transport = transport;
        _options = options;
        _failureTopics = failureTopics;
        _failed = failureTopics is null ? null : new FailedRecords(topic.Name, groupId, failureTopics, options.TimeProvider, logger);
        _logger = logger;
        _source = new RecordSource<TKey, TValue>(
            topic.Name, groupId, keys, values, transport, options.DecodeFailure, _failed, logger);
        transport.Open(this);
    }

    public Topic<TKey, TValue> Topic { get; }

    public string GroupId { get; }

    public IReadOnlyList<TopicPartition> Assignment => [.. _transport.Assignment.Select(partition => partition.Name)];

    /// <summary>The member's place in its group, for a transaction that commits its offsets.</summary>
    IConsumerTransport IGroupMember.Transport => _transport;

    public async Task<IReadOnlyList<TopicPartition>> WaitForAssignmentAsync(CancellationToken cancellationToken = default)
    {
        await _transport.WaitForAssignmentAsync(cancellationToken).ConfigureAwait(false);
        return Assignment;
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
        if (record.Headers.Count > 0 && RetryHeaders.TryRead(record.Headers, out var retry)
            && retry.Group == GroupId && retry.Source == record.Position)
        {
            // It came out of a retry topic, which keeps its own progress: the topic is further than this record by now.
            return Task.CompletedTask;
        }

        if (Find(record.Partition) is not { } partition)
        {
            _logger.CommitLeftOut(Topic.Name, record.Partition, record.Offset);
            return Task.CompletedTask;
        }

        partition.HandleUpTo(record.Offset + 1);
        return _transport.CommitAsync([(record.Partition, record.Offset + 1)], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await _transport.DisposeAsync().ConfigureAwait(false);
        if (_run is { } run)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its caller hears how it ended
        }

        if (Interlocked.Exchange(ref _isReading, 1) == 0)
        {
            _source.DropBatch(); // a loop that is still running drops it itself
        }

        if (_failed is not null)
        {
            await _failed.DisposeAsync().ConfigureAwait(false);
        }
    }

    private AssignedPartition? Find(int partition)
    {
        foreach (var assigned in _transport.Assignment)
        {
            if (assigned.Name.Partition == partition)
            {
                return assigned;
            }
        }

        return null;
    }

    private void BeginReading()
    {
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(ITopicConsumer<,>));
            throw new InvalidOperationException("This consumer is being read already: one loop at a time.");
        }
    }

    private void EndReading()
    {
        _source.CountTaken();
        if (_isDisposed)
        {
            _source.DropBatch();
        }

        Volatile.Write(ref _isReading, 0);
    }

    /// <summary>A record is handed out, or passed over, which is as good.</summary>
    private void HandOut()
    {
        var partition = _source.Partition;
        var offset = _source.Offset + 1;
        partition.HandedOutOffset = offset;
        MarkTaken(partition, offset);
    }

    /// <summary>A record is taken; it is in hand once it is handed out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MarkTaken(AssignedPartition partition, long offset)
    {
        var marks = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inHand);
        for (var index = marks.Length - 1; index >= 0; index--)
        {
            if (ReferenceEquals(marks[index].Partition, partition))
            {
                marks[index] = new Mark(partition, partition.SeekCount, offset);
                return;
            }
        }

        _inHand.Add(new Mark(partition, partition.SeekCount, offset));
    }

    /// <summary>A batch is handed out: all that is marked.</summary>
    private void HandOutTaken()
    {
        foreach (var mark in _inHand)
        {
            if (mark.Partition.SeekCount == mark.SeekCount)
            {
                mark.Partition.HandedOutOffset = mark.Offset;
            }
        }
    }

    /// <summary>The loop has come back for more: what is in hand is handled.</summary>
    private ValueTask SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var mark in _inHand)
        {
            if (mark.Partition.SeekCount == mark.SeekCount)
            {
                mark.Partition.HandleNext(mark.Offset);
            }
        }

        if (_options.CommitMode == CommitMode.AfterHandling)
        {
            return CommitInHandAsync(cancellationToken);
        }

        _inHand.Clear();
        return ValueTask.CompletedTask;
    }

    private async ValueTask CommitInHandAsync(CancellationToken cancellationToken)
    {
        var positions = new List<(int, long)>(_inHand.Count);
        foreach (var mark in _inHand)
        {
            if (mark.Partition.IsRevoked)
            {
                _logger.CommitLeftOut(Topic.Name, mark.Partition.Name.Partition, mark.Offset - 1);
            }
            else if (mark.Partition.SeekCount == mark.SeekCount)
            {
                positions.Add((mark.Partition.Name.Partition, mark.Offset));
            }
        }

        _inHand.Clear();
        await CommitHandledAsync(positions, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Commits, as soon as someone is there to commit to.</summary>
    private async Task CommitHandledAsync(List<(int Partition, long Offset)> positions, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _transport.CommitAsync(positions, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (BrokerException refusal) when (CommitRefusals.IsOfMembership(refusal))
            {
                foreach (var (partition, offset) in positions)
                {
                    _logger.CommitLeftOut(Topic.Name, partition, offset - 1);
                }

                return;
            }
            catch (BrokerException refusal) when (CommitRefusals.IsPassing(refusal))
            {
                _logger.CoordinatorAway(Topic.Name, GroupId, refusal);
                await Task.Delay(CommitRefusals.Retry, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <param name="Partition">A partition of which records are in hand.</param>
    /// <param name="SeekCount">Its seeks when they were handed out: a later one makes the mark void.</param>
    /// <param name="Offset">The offset behind the last of them.</param>
    private readonly record struct Mark(AssignedPartition Partition, int SeekCount, long Offset);
}
