using System.Globalization;
using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>The shards of one internal topic: which one a key belongs to, who coordinates it, and how to ask.</summary>
internal sealed class CoordinatorShards<THost>(IMetadataAccess metadata, HostedPartitions partitions, CoordinatorTopic definition)
    where THost : class, ICoordinatorShardHost
{
    /// <summary>Of the topic in a cluster that has so many brokers.</summary>
    private const int DefaultReplicationFactor = 3;

    /// <summary>Completes when the shards that are being loaded are loaded.</summary>
    public Task Loaded => Task.WhenAll(Hosts.Select(shard => shard.Loaded));

    private IEnumerable<THost> Hosts => partitions.All.Select(partition => partition.Tenant).OfType<THost>();

    private int LiveBrokers => metadata.Image.Brokers.Values.Count(broker => !broker.Fenced);

    public async ValueTask<TReply> SubmitAsync<TReply>(string key, CoordinatorCommand command, CancellationToken cancellationToken)
        where TReply : CoordinatorReply
    {
        if (!metadata.Image.TryGetTopic(definition.Name, out var topic)
            || !partitions.TryGet(PartitionOf(key, topic), out var partition)
            || partition.Tenant is not THost shard)
        {
            return (TReply)command.Refused(ErrorCode.NotCoordinator);
        }

        var reply = shard.Partition.Lane.RunAsync(new CoordinatorOperation<TReply>(shard, command));
        return reply.IsCompleted || !cancellationToken.CanBeCanceled
            ? await reply.ConfigureAwait(false)
            : await reply.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        CoordinatorCommand command, CancellationToken cancellationToken)
        where TReply : CoordinatorReply
    {
        var replies = new List<TReply>();
        foreach (var shard in Hosts)
        {
            if (metadata.Image.TryGetTopic(shard.Partition.Id.TopicId, out var topic)
                && topic.Partition(shard.Partition.Id.Partition)?.Leader == metadata.NodeId)
            {
                var reply = shard.Partition.Lane.RunAsync(new CoordinatorOperation<TReply>(shard, command));
                replies.Add(await reply.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return replies;
    }

    /// <summary>Creates the topic when it is the first one asked for.</summary>
    public async ValueTask<CoordinatorResult> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (!metadata.Image.TryGetTopic(definition.Name, out var topic))
        {
            var error = await CreateTopicAsync(cancellationToken).ConfigureAwait(false);
            if (error != ErrorCode.None || !metadata.Image.TryGetTopic(definition.Name, out topic))
            {
                return new CoordinatorResult(ErrorCode.CoordinatorNotAvailable, -1);
            }
        }

        var leader = LeaderOf(key, topic);
        return leader == PartitionRegistration.NoLeader
            ? new CoordinatorResult(ErrorCode.CoordinatorNotAvailable, -1)
            : new CoordinatorResult(ErrorCode.None, leader);
    }

    /// <summary>As <see cref="FindAsync"/>, of a topic that is there; no leader where it is not.</summary>
    public int FindLeader(string key) =>
        metadata.Image.TryGetTopic(definition.Name, out var topic) ? LeaderOf(key, topic) : PartitionRegistration.NoLeader;

    private static IEnumerable<KeyValuePair<string, string?>> MinInSync(int replicas) =>
        [new(TopicConfigNames.MinInSyncReplicas, replicas.ToString(CultureInfo.InvariantCulture))];

    private static TopicIdPartition PartitionOf(string key, TopicImage topic) =>
        new(topic.TopicId, GroupPartitioner.PartitionFor(key, topic.Partitions.Length));

    private static int LeaderOf(string key, TopicImage topic) =>
        topic.Partition(PartitionOf(key, topic).Partition)?.Leader ?? PartitionRegistration.NoLeader;

    private async ValueTask<ErrorCode> CreateTopicAsync(CancellationToken cancellationToken)
    {
        var replicationFactor = definition.ReplicationFactor ?? Math.Clamp(LiveBrokers, 1, DefaultReplicationFactor);
        var topic = new NewTopic(definition.Name)
        {
            PartitionCount = definition.PartitionCount,
            ReplicationFactor = replicationFactor,
            Configs =
            [
                new(TopicConfigNames.CleanupPolicy, "compact"),
                new(TopicConfigNames.SegmentBytes, definition.SegmentBytes.ToString(CultureInfo.InvariantCulture)),
                new(TopicConfigNames.CompressionType, "producer"),
                .. definition.MinInSyncReplicas is { } wanted ? MinInSync(Math.Min(wanted, replicationFactor)) : [],
            ],
        };
        var reply = await metadata.SubmitAsync(new CreateTopicsCommand([topic]), cancellationToken).ConfigureAwait(false);

        // Someone else's first request may have been quicker.
        var error = reply.Topics[0].ErrorCode;
        return error == ErrorCode.TopicAlreadyExists ? ErrorCode.None : error;
    }
}
