using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Consuming;

/// <summary>Reads a topic, by itself or as a member of a group, and hands over what it reads answer by answer.</summary>
internal sealed class ConsumeRun : IAsyncDisposable
{
    /// <summary>For the last commit and for leaving the group, when the run ends.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly ConsumeOptions _options;
    private readonly ClusterTopics _topics;
    private readonly ToolConsumer _consumer;
    private readonly GroupMember? _member;
    private readonly TextWriter _warnings;
    private readonly List<TakenRecord> _taken = [];
    private Dictionary<Kafka.TopicPartition, long> _ends = [];
    private long _committedAt = TimeProvider.System.GetTimestamp();
    private long _count;
    private bool _isHandedOut = true;

    /// <param name="cluster">The brokers.</param>
    /// <param name="groupCluster">The brokers, with a request time-out beyond the group's: joining waits for the other members.</param>
    /// <param name="options">What to read.</param>
    /// <param name="warnings">Where what passes by itself is told.</param>
    public ConsumeRun(ToolCluster cluster, ToolCluster groupCluster, ConsumeOptions options, TextWriter warnings)
    {
        _options = options;
        _warnings = warnings;
        _topics = new ClusterTopics(cluster);
        var settings = options.Settings with { Reset = options.Start.Kind == StartKind.Earliest ? OffsetReset.Earliest : options.Settings.Reset };
        _consumer = new ToolConsumer(cluster, _topics, settings, warnings);
        _member = options.Group is { } group ? new GroupMember(groupCluster, new ClusterTopics(groupCluster), settings, group) : null;
    }

    /// <summary>Returns how many records were read: once there are as many as are wanted, at the end if that is wanted, or when it is told to stop.</summary>
    /// <param name="take">Is given the records of an answer, in each partition's order. They are committed once it returns.</param>
    /// <param name="cancellationToken">Tells to stop; records that were taken are committed.</param>
    /// <exception cref="KafkaErrorException">The topic is not there, or the brokers refuse.</exception>
    public async Task<long> RunAsync(Func<IReadOnlyList<TakenRecord>, ValueTask> take, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(cancellationToken);
            while (_count < _options.Max)
            {
                await FollowGroupAsync(cancellationToken);
                if (_options.IsUntilEnd && IsAtEnd())
                {
                    break;
                }

                _taken.Clear();
                await _consumer.PollAsync(
                    (in origin, in record) =>
                    {
                        _taken.Add(TakenRecord.Of(origin, record));
                        return ++_count < _options.Max;
                    },
                    cancellationToken);
                if (_taken.Count > 0)
                {
                    _isHandedOut = false;
                    await take(_taken);
                    _isHandedOut = true;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As it was told to.
        }
        finally
        {
            await CloseAsync();
        }

        return _count;
    }

    public async ValueTask DisposeAsync()
    {
        if (_member is not null)
        {
            await _member.DisposeAsync();
        }

        await _consumer.DisposeAsync();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var there = await _topics.PartitionsAsync(_options.Topic, cancellationToken);
        var wanted = (_options.Partitions ?? there).Select(number => new Kafka.TopicPartition(_options.Topic, number)).ToList();
        if (wanted.FirstOrDefault(partition => !there.Contains(partition.Partition)) is { Topic: not null } missing)
        {
            throw new KafkaErrorException(
                ErrorCode.UnknownTopicOrPartition, $"Topic '{_options.Topic}' has partitions {there[0]} to {there[^1]}, no {missing.Partition}");
        }

        if (_options.IsUntilEnd)
        {
            _ends = (await _topics.OffsetsAsync(wanted, ClusterTopics.Latest, _options.Settings.IsCommittedOnly, cancellationToken))
                .ToDictionary(each => each.Key, each => each.Value.Offset);
        }

        if (_member is null)
        {
            _consumer.Assign(await StartsAsync(wanted, cancellationToken));
        }
    }

    private async Task<IReadOnlyDictionary<Kafka.TopicPartition, long?>> StartsAsync(List<Kafka.TopicPartition> wanted, CancellationToken cancellationToken)
    {
        if (_options.Start.Kind == StartKind.Offset)
        {
            return wanted.ToDictionary(partition => partition, _ => (long?)_options.Start.Value);
        }

        var committedOnly = _options.Settings.IsCommittedOnly;
        var starts = new Dictionary<Kafka.TopicPartition, long?>();
        var timestamp = _options.Start.Kind switch
        {
            StartKind.Earliest => ClusterTopics.Earliest,
            StartKind.Time => _options.Start.Value,
            _ => ClusterTopics.Latest,
        };
        foreach (var (partition, found) in await _topics.OffsetsAsync(wanted, timestamp, committedOnly, cancellationToken))
        {
            starts[partition] = found.Offset;
        }

        // No record is of that time or later: only what is still to come is.
        var none = starts.Where(each => each.Value < 0).Select(each => each.Key).ToList();
        if (none.Count > 0)
        {
            foreach (var (partition, end) in await _topics.OffsetsAsync(none, ClusterTopics.Latest, committedOnly, cancellationToken))
            {
                starts[partition] = end.Offset;
            }
        }

        return starts;
    }

    private async Task FollowGroupAsync(CancellationToken cancellationToken)
    {
        if (_member is null)
        {
            return;
        }

        if (_member.NeedsToJoin)
        {
            await CommitAsync(cancellationToken); // whoever gets the partitions goes on from here
            var assigned = await _member.JoinAsync([_options.Topic], cancellationToken);
            var committed = assigned.Count == 0 ? [] : await _member.CommittedAsync(assigned, cancellationToken);
            _consumer.Assign(assigned.ToDictionary(
                partition => partition, partition => committed.TryGetValue(partition, out var offset) ? offset.Offset : (long?)null));
        }
        else if (TimeProvider.System.GetElapsedTime(_committedAt) >= _options.Settings.AutoCommitInterval)
        {
            await CommitAsync(cancellationToken);
        }
    }

    /// <summary>Whether every partition that is read has been read as far as it went when this began.</summary>
    private bool IsAtEnd()
    {
        var positions = _consumer.Positions;
        return _member is null
            ? _ends.All(end => positions.TryGetValue(end.Key, out var position) && position.Offset >= end.Value)
            : positions.Count == _consumer.AssignedCount
                && positions.All(each => !_ends.TryGetValue(each.Key, out var end) || each.Value.Offset >= end);
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_member is not null)
        {
            await _member.CommitAsync(_consumer.Positions, cancellationToken);
        }

        _committedAt = TimeProvider.System.GetTimestamp();
    }

    private async Task CloseAsync()
    {
        if (_member is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            // What was read and not handed out is read again by whoever goes on.
            if (_isHandedOut)
            {
                await CommitAsync(limit.Token);
            }

            await _member.LeaveAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _warnings.WriteLine("warning: the group was not left in time; the end of its session does it");
        }
    }
}
