using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Connecting;

/// <summary>The topics that a tool works with: their partitions, who leads them, and where their logs begin and end.</summary>
internal sealed class ClusterTopics(ToolCluster cluster)
{
    /// <summary>Asked of ListOffsets in the place of a time.</summary>
    public const long Latest = -1;

    /// <inheritdoc cref="Latest"/>
    public const long Earliest = -2;

    private const short NewestByName = 9;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, IReadOnlyDictionary<int, int>> _leaders = new(StringComparer.Ordinal);

    /// <summary>The partitions of a topic, from 0 on, as last heard.</summary>
    /// <exception cref="KafkaErrorException">The topic is not there.</exception>
    public async Task<IReadOnlyList<int>> PartitionsAsync(string topic, CancellationToken cancellationToken)
    {
        if (!_leaders.TryGetValue(topic, out var known))
        {
            await RefreshAsync([topic], cancellationToken);
            known = _leaders[topic];
        }

        return [.. known.Keys.Order()];
    }

    /// <summary>As the other, but waits for a topic that the broker makes when it is asked for.</summary>
    /// <param name="warn">Told once when the topic is not there yet.</param>
    /// <exception cref="KafkaErrorException">It is not there in time, or cannot be.</exception>
    public async Task<IReadOnlyList<int>> PartitionsOrCreateAsync(
        string topic, TimeSpan atMost, Action<ErrorCode> warn, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        var isTold = false;
        while (true)
        {
            try
            {
                return await PartitionsAsync(topic, cancellationToken);
            }
            catch (KafkaErrorException missing)
                when (missing.IsPassing && TimeProvider.System.GetElapsedTime(since) < atMost)
            {
                if (!isTold)
                {
                    isTold = true;
                    warn(missing.Error);
                }
            }

            await cluster.AskAnyAsync(
                new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = true }, cancellationToken);
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Asks again what the cluster says of topics.</summary>
    /// <exception cref="KafkaErrorException">One of them is not there.</exception>
    public async Task RefreshAsync(IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
    {
        var described = await cluster.Brokers.DescribeAsync([.. topics], cancellationToken);
        foreach (var topic in described.Topics)
        {
            KafkaErrorException.Require(topic.ErrorCode, $"Topic {topic.Name}");
            _leaders[topic.Name!] = topic.Partitions.ToDictionary(partition => partition.PartitionIndex, partition => partition.LeaderId);
        }
    }

    /// <summary>The broker that leads a partition, as last heard; negative when there is none.</summary>
    /// <exception cref="KafkaErrorException">The topic or the partition is not there.</exception>
    public async Task<int> LeaderAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        await PartitionsAsync(partition.Topic, cancellationToken);
        return _leaders[partition.Topic].TryGetValue(partition.Partition, out var leader)
            ? leader
            : throw new KafkaErrorException(ErrorCode.UnknownTopicOrPartition, $"Partition {partition}");
    }

    /// <summary>Partitions by the broker that leads them.</summary>
    /// <exception cref="KafkaErrorException">One is not there, or has no leader.</exception>
    public async Task<IReadOnlyDictionary<int, List<TopicPartition>>> ByLeaderAsync(
        IEnumerable<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var byLeader = new Dictionary<int, List<TopicPartition>>();
        foreach (var partition in partitions)
        {
            var leader = await LeaderAsync(partition, cancellationToken);
            KafkaErrorException.Require(leader < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None, $"Partition {partition}");
            if (!byLeader.TryGetValue(leader, out var led))
            {
                byLeader.Add(leader, led = []);
            }

            led.Add(partition);
        }

        return byLeader;
    }

    /// <summary>The offsets of the first records from a time on, or where logs begin or end.</summary>
    /// <param name="timestamp">Milliseconds, or one of <see cref="Latest"/> and its like.</param>
    /// <param name="isCommittedOnly">Whether a log ends at the last stable offset.</param>
    public async Task<SortedDictionary<TopicPartition, ListOffsetsResponse.ListOffsetsPartitionResponse>> OffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, long timestamp, bool isCommittedOnly, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await TryOffsetsAsync(partitions, timestamp, isCommittedOnly, cancellationToken);
            }
            catch (Exception passing) when (KafkaCluster.IsPassing(passing)
                && passing is not KafkaErrorException { Error: ErrorCode.UnknownTopicOrPartition }
                && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(Pause, cancellationToken);
                await RefreshAsync(partitions.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal), cancellationToken);
            }
        }
    }

    private async Task<SortedDictionary<TopicPartition, ListOffsetsResponse.ListOffsetsPartitionResponse>> TryOffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, long timestamp, bool isCommittedOnly, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<TopicPartition, ListOffsetsResponse.ListOffsetsPartitionResponse>();
        foreach (var (leader, led) in await ByLeaderAsync(partitions, cancellationToken))
        {
            var broker = await cluster.Brokers.BrokerAsync(leader, ConnectionUse.Shared, cancellationToken);
            var answer = await cluster.AskAsync(
                broker,
                new ListOffsetsRequest
                {
                    ReplicaId = -1,
                    IsolationLevel = isCommittedOnly ? (sbyte)1 : (sbyte)0,
                    Topics = [.. led.GroupBy(partition => partition.Topic).Select(topic => new ListOffsetsRequest.ListOffsetsTopic
                    {
                        Name = topic.Key,
                        Partitions = [.. topic.Select(partition => new ListOffsetsRequest.ListOffsetsPartition
                        {
                            PartitionIndex = partition.Partition, Timestamp = timestamp,
                        })],
                    })],
                },
                NewestByName,
                cancellationToken);
            foreach (var topic in answer.Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    var which = new TopicPartition(topic.Name, partition.PartitionIndex);
                    KafkaErrorException.Require(partition.ErrorCode, $"Offsets of {which}");
                    found[which] = partition;
                }
            }
        }

        return found;
    }
}
