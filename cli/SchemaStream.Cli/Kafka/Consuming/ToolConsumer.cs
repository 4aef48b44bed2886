using System.Collections.Concurrent;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>A position in a partition: the next offset, and the leader epoch of the record before it.</summary>
internal readonly record struct Position(long Offset, int LeaderEpoch);

/// <summary>Reads the partitions that it is assigned, from all their leaders side by side.</summary>
internal sealed class ToolConsumer(ToolCluster cluster, ClusterTopics topics, ConsumerSettings settings, TextWriter warnings) : IAsyncDisposable
{
    private const short NewestByName = 12;
    private const long NoOffset = -1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<TopicPartition, Position> _positions = [];
    /// <summary>Fetches of several leaders run side by side, and each puts its own here.</summary>
    private readonly ConcurrentDictionary<int, KafkaConnection> _connections = [];
    private readonly Dictionary<int, Task<Answer>> _underWay = [];
    private string _lastWarning = "";

    /// <summary>How far partitions have been read; those that have no position yet are left out.</summary>
    public IReadOnlyDictionary<TopicPartition, Position> Positions =>
        _positions.Where(each => each.Value.Offset != NoOffset).ToDictionary(each => each.Key, each => each.Value);

    /// <summary>Whether there is anything to read.</summary>
    public bool IsAssigned => _positions.Count > 0;

    /// <summary>How many partitions are read, whether they have a position yet or not.</summary>
    public int AssignedCount => _positions.Count;

    /// <summary>Reads these partitions from now on, and no others.</summary>
    /// <param name="partitions">With the offsets to begin with; null: where the settings say.</param>
    public void Assign(IReadOnlyDictionary<TopicPartition, long?> partitions)
    {
        _positions.Clear();
        foreach (var (partition, offset) in partitions)
        {
            _positions[partition] = new Position(offset ?? NoOffset, -1);
        }
    }

    /// <summary>Goes to another offset of a partition that is read.</summary>
    public void Seek(TopicPartition partition, long offset) => _positions[partition] = new Position(offset, -1);

    /// <summary>Shows the records of the next answer; returns how many there were. None came in time: 0.</summary>
    /// <exception cref="ToolFailedException">A partition cannot be read.</exception>
    public async Task<int> PollAsync(RecordVisitor visit, CancellationToken cancellationToken)
    {
        try
        {
            await FindPositionsAsync(cancellationToken);
            foreach (var (leader, partitions) in await topics.ByLeaderAsync(_positions.Keys, cancellationToken))
            {
                if (!_underWay.ContainsKey(leader))
                {
                    _underWay.Add(leader, FetchAsync(leader, [.. partitions.Select(each => (each, _positions[each].Offset))], cancellationToken));
                }
            }

            if (_underWay.Count == 0)
            {
                await Task.Delay(Pause, cancellationToken);
                return 0;
            }

            var first = await Task.WhenAny(_underWay.Values).WaitAsync(cancellationToken);
            _underWay.Remove(_underWay.First(each => each.Value == first).Key);
            return await TakeAsync(await first, visit, cancellationToken);
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing))
        {
            Warn(passing.Message);
            await Task.Delay(Pause, cancellationToken);
            await RefreshAsync(cancellationToken);
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();

        // They have ended with their connections; whatever they ended with is of no interest any more.
        await Task.WhenAll(_underWay.Values.Select(task => task.ContinueWith(
            ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));

        // One that was still being made when the others were closed.
        await CloseAsync();
    }

    private async Task CloseAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task FindPositionsAsync(CancellationToken cancellationToken)
    {
        var unknown = _positions.Where(each => each.Value.Offset == NoOffset).Select(each => each.Key).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        if (settings.Reset == OffsetReset.None)
        {
            throw new ToolFailedException(
                $"Undefined offset with no reset policy for partitions: [{string.Join(", ", unknown.Order())}]");
        }

        var timestamp = settings.Reset == OffsetReset.Earliest ? ClusterTopics.Earliest : ClusterTopics.Latest;
        foreach (var (partition, found) in await topics.OffsetsAsync(unknown, timestamp, settings.IsCommittedOnly, cancellationToken))
        {
            _positions[partition] = new Position(found.Offset, -1);
        }
    }

    private async Task<Answer> FetchAsync(int leader, List<(TopicPartition Partition, long Offset)> partitions, CancellationToken cancellationToken)
    {
        try
        {
            if (!_connections.TryGetValue(leader, out var connection) || connection.Closed.IsCompleted)
            {
                // Its own: a long poll would hold up everyone behind it.
                connection = await cluster.Brokers.BrokerAsync(leader, ConnectionUse.Own, cancellationToken);
                _connections[leader] = connection;
            }

            var request = new FetchRequest
            {
                ReplicaId = -1,
                MaxWaitMs = settings.FetchMaxWaitMs,
                MinBytes = settings.FetchMinBytes,
                MaxBytes = settings.FetchMaxBytes,
                IsolationLevel = settings.IsCommittedOnly ? (sbyte)1 : (sbyte)0,
                Topics = [.. partitions.GroupBy(each => each.Partition.Topic).Select(topic => new FetchRequest.FetchTopic
                {
                    Topic = topic.Key,
                    Partitions = [.. topic.Select(each => new FetchRequest.FetchPartition
                    {
                        Partition = each.Partition.Partition, FetchOffset = each.Offset, PartitionMaxBytes = settings.PartitionMaxBytes,
                    })],
                })],
            };
            return new Answer(partitions, await cluster.AskAsync(connection, request, NewestByName, cancellationToken), null);
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing))
        {
            return new Answer(partitions, null, passing);
        }
    }

    private async Task<int> TakeAsync(Answer answer, RecordVisitor visit, CancellationToken cancellationToken)
    {
        if (answer.Response is not { } response)
        {
            throw answer.Failure!;
        }

        KafkaErrorException.Require(response.ErrorCode, "Reading");
        var asked = answer.Asked.ToDictionary(each => each.Partition, each => each.Offset);
        var count = 0;
        ErrorCode? passing = null;
        foreach (var (topic, fetched) in response.Responses.SelectMany(topic => topic.Partitions.Select(partition => (topic.Topic, partition))))
        {
            var partition = new TopicPartition(topic, fetched.PartitionIndex);
            if (!_positions.TryGetValue(partition, out var position) || position.Offset != asked[partition])
            {
                continue; // taken away or moved since it was asked for
            }

            if (fetched.ErrorCode == ErrorCode.OffsetOutOfRange)
            {
                warnings.WriteLine($"WARN Fetch position {position.Offset} is out of range for partition {partition}, resetting offset");
                _positions[partition] = new Position(NoOffset, -1);
                continue;
            }

            if (fetched.ErrorCode != ErrorCode.None)
            {
                var failure = KafkaErrors.Of(fetched.ErrorCode, null);
                passing = failure.IsPassing ? fetched.ErrorCode : throw new ToolFailedException($"{partition}: {failure.Message}", failure);
                continue;
            }

            var (next, epoch, shown, goesOn) = FetchedRecords.Visit(partition, fetched, position.Offset, settings.IsCommittedOnly, visit);
            _positions[partition] = new Position(next, epoch >= 0 ? epoch : position.LeaderEpoch);
            count += shown;
            if (!goesOn)
            {
                return count;
            }
        }

        if (passing is not null)
        {
            await Task.Delay(Pause, cancellationToken);
            await RefreshAsync(cancellationToken);
        }

        return count;
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await topics.RefreshAsync(_positions.Keys.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal), cancellationToken);
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing))
        {
            Warn(passing.Message);
        }
    }

    /// <summary>Each once, until there is another.</summary>
    private void Warn(string warning)
    {
        if (warning != _lastWarning)
        {
            _lastWarning = warning;
            warnings.WriteLine($"WARN {warning}");
        }
    }

    private sealed record Answer(List<(TopicPartition Partition, long Offset)> Asked, FetchResponse? Response, Exception? Failure);
}
