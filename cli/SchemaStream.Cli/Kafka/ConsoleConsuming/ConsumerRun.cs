using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary>One run of <c>kafka-console-consumer</c>: reads, prints and commits, until there is enough of it.</summary>
internal sealed class ConsumerRun : IAsyncDisposable
{
    /// <summary>For the last commit, and for leaving the group, when the run ends.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly ToolCluster _cluster;
    private readonly ConsoleConsumerOptions _options;
    private readonly ToolConsole _console;
    private readonly BufferedStream _output;
    private readonly ClusterTopics _topics;
    private readonly ToolConsumer _consumer;
    private readonly GroupMember? _member;
    private IReadOnlyList<string> _subscription = [];
    private long _seen;
    private long _idleSince;
    private long _committedAt;
    private long _lookedAt;
    private bool _isOutputGone;
    private Exception? _failure;

    public ConsumerRun(ToolCluster cluster, ToolCluster groupCluster, ConsoleConsumerOptions options, ToolConsole console)
    {
        _cluster = cluster;
        _options = options;
        _console = console;
        _output = new BufferedStream(console.Output, 64 * 1024);
        _topics = new ClusterTopics(cluster);
        _consumer = new ToolConsumer(cluster, _topics, options.Settings, console.Error);
        _member = options.Partition is null ? new GroupMember(groupCluster, new ClusterTopics(groupCluster), options.Settings, options.Group) : null;
        _idleSince = _committedAt = _lookedAt = TimeProvider.System.GetTimestamp();
    }

    private bool IsEnough => _isOutputGone || _failure is not null || _seen >= _options.MaxMessages;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(cancellationToken);
            while (!IsEnough)
            {
                await FollowGroupAsync(cancellationToken);
                var count = await _consumer.PollAsync(Show, cancellationToken);
                await FlushAsync();
                if (count > 0 || _options.Timeout is null)
                {
                    _idleSince = TimeProvider.System.GetTimestamp();
                }
                else if (TimeProvider.System.GetElapsedTime(_idleSince) >= _options.Timeout)
                {
                    _console.Error.WriteLine("ERROR Error processing message, terminating consumer process:  (org.apache.kafka.tools.consumer.ConsoleConsumer)");
                    _console.Error.WriteLine("org.apache.kafka.common.errors.TimeoutException");
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how one ends it.
        }
        finally
        {
            await CloseAsync();
            _console.Error.WriteLine($"Processed a total of {_seen} messages");
        }

        return _failure is null ? ExitCodes.Done : throw _failure;
    }

    public async ValueTask DisposeAsync()
    {
        if (_member is not null)
        {
            await _member.DisposeAsync();
        }

        await _consumer.DisposeAsync();
        // Not the output itself: that is the console's.
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _subscription = await SubscriptionAsync(cancellationToken);
        if (_options.Partition is not { } number)
        {
            return;
        }

        var partition = new TopicPartition(_options.Topic!, number);
        if (!(await _topics.PartitionsAsync(partition.Topic, cancellationToken)).Contains(number))
        {
            throw new ToolFailedException($"Partition {partition} does not exist");
        }

        _consumer.Assign(new Dictionary<TopicPartition, long?> { [partition] = _options.Offset });
    }

    /// <summary>The topics to read. One that is named and is not there is waited for: the broker may make it.</summary>
    private async Task<IReadOnlyList<string>> SubscriptionAsync(CancellationToken cancellationToken)
    {
        if (_options.Topic is { } topic)
        {
            await _topics.PartitionsOrCreateAsync(
                topic,
                _options.Timeout ?? TimeSpan.MaxValue,
                error => _console.Error.WriteLine($"WARN [Consumer] Error while fetching metadata: {{{topic}={KafkaErrors.Name(error)}}}"),
                cancellationToken);
            return [topic];
        }

        var all = await _cluster.AskAnyAsync(new MetadataRequest { Topics = null, AllowAutoTopicCreation = false }, cancellationToken);
        return [.. all.Topics
            .Where(each => each is { ErrorCode: ErrorCode.None, IsInternal: false, Name: { } name } && _options.Included!.IsMatch(name))
            .Select(each => each.Name!)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Joins when the group is made up anew, commits when it is time, looks for new topics now and then.</summary>
    private async Task FollowGroupAsync(CancellationToken cancellationToken)
    {
        if (_member is null)
        {
            return;
        }

        if (TimeProvider.System.GetElapsedTime(_lookedAt) >= _options.Settings.MetadataMaxAge)
        {
            await LookForNewAsync(_member, cancellationToken);
        }

        if (_member.NeedsToJoin)
        {
            await CommitAsync(cancellationToken); // whoever gets the partitions goes on from here
            var assigned = await _member.JoinAsync(_subscription, cancellationToken);
            var committed = assigned.Count == 0 ? [] : await _member.CommittedAsync(assigned, cancellationToken);
            _consumer.Assign(assigned.ToDictionary(
                partition => partition, partition => committed.TryGetValue(partition, out var offset) ? offset.Offset : (long?)null));
            _idleSince = _committedAt = TimeProvider.System.GetTimestamp();
        }
        else if (TimeProvider.System.GetElapsedTime(_committedAt) >= _options.Settings.AutoCommitInterval)
        {
            await CommitAsync(cancellationToken);
        }
    }

    private async Task LookForNewAsync(GroupMember member, CancellationToken cancellationToken)
    {
        _lookedAt = TimeProvider.System.GetTimestamp();
        var before = await CountAsync(cancellationToken);
        _subscription = await SubscriptionAsync(cancellationToken);
        await _topics.RefreshAsync(_subscription.ToHashSet(StringComparer.Ordinal), cancellationToken);
        if (await CountAsync(cancellationToken) != before)
        {
            member.Rejoin();
        }
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var topic in _subscription)
        {
            count += (await _topics.PartitionsAsync(topic, cancellationToken)).Count;
        }

        return count;
    }

    private bool Show(in RecordOrigin origin, in RecordView record)
    {
        _seen++;
        try
        {
            _options.Text?.Write(_output, origin, record);
        }
        catch (ToolFailedException unreadable)
        {
            _console.Error.WriteLine($"ERROR Error processing message, skipping this message: {unreadable.Message}");
            _failure = _options.SkipsErrors ? null : unreadable;
        }
        catch (IOException)
        {
            _isOutputGone = true;
        }

        return !IsEnough;
    }

    private async Task FlushAsync()
    {
        try
        {
            await _output.FlushAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            _isOutputGone = true;
        }

        if (_isOutputGone)
        {
            _console.Error.WriteLine("Unable to write to standard out, closing consumer.");
        }
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_member is not null && _options.Settings.IsAutoCommit)
        {
            await _member.CommitAsync(_consumer.Positions, cancellationToken);
        }

        _committedAt = TimeProvider.System.GetTimestamp();
    }

    private async Task CloseAsync()
    {
        if (!_isOutputGone)
        {
            await FlushAsync();
        }

        if (_member is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(CloseLimit);
        try
        {
            await CommitAsync(limit.Token);
            await _member.LeaveAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _console.Error.WriteLine("WARN The group was not left in time; its session's end does it.");
        }
    }
}
