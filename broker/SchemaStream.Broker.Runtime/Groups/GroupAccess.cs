using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>The handlers' door to the group coordinators of this broker.</summary>
internal sealed class GroupAccess(IMetadataAccess metadata, HostedPartitions partitions, RuntimeOptions options) : IGroupAccess
{
    /// <summary>Of the offsets topic in a cluster that has so many brokers.</summary>
    private const int DefaultReplicationFactor = 3;

    /// <summary>Completes when the shards that are being loaded are loaded.</summary>
    public Task Loaded => Task.WhenAll(Shards.Select(shard => shard.Loaded));

    private IEnumerable<GroupShardHost> Shards =>
        partitions.All.Select(partition => partition.Tenant).OfType<GroupShardHost>();

    private int LiveBrokers => metadata.Image.Brokers.Values.Count(broker => !broker.Fenced);

    public async ValueTask<TReply> SubmitAsync<TReply>(
        string groupId, GroupCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : GroupReply
    {
        if (!metadata.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var topic)
            || !partitions.TryGet(PartitionOf(groupId, topic), out var partition)
            || partition.Tenant is not GroupShardHost shard)
        {
            return command.Refused(ErrorCode.NotCoordinator);
        }

        var reply = shard.Partition.Lane.RunAsync(new GroupOperation<TReply>(shard, command));
        return reply.IsCompleted || !cancellationToken.CanBeCanceled
            ? await reply.ConfigureAwait(false)
            : await reply.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        GroupCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : GroupReply
    {
        var replies = new List<TReply>();
        foreach (var shard in Shards)
        {
            if (metadata.Image.TryGetTopic(shard.Partition.Id.TopicId, out var topic)
                && topic.Partition(shard.Partition.Id.Partition)?.Leader == metadata.NodeId)
            {
                var reply = shard.Partition.Lane.RunAsync(new GroupOperation<TReply>(shard, command));
                replies.Add(await reply.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false));
            }
        }

        return replies;
    }

    public async ValueTask<CoordinatorResult> FindCoordinatorAsync(string groupId, CancellationToken cancellationToken)
    {
        if (!metadata.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var topic))
        {
            var error = await CreateTopicAsync(cancellationToken).ConfigureAwait(false);
            if (error != ErrorCode.None || !metadata.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out topic))
            {
                return new CoordinatorResult(ErrorCode.CoordinatorNotAvailable, -1);
            }
        }

        var leader = topic.Partition(PartitionOf(groupId, topic).Partition)?.Leader ?? PartitionRegistration.NoLeader;
        return leader == PartitionRegistration.NoLeader
            ? new CoordinatorResult(ErrorCode.CoordinatorNotAvailable, -1)
            : new CoordinatorResult(ErrorCode.None, leader);
    }

    private static TopicIdPartition PartitionOf(string groupId, TopicImage topic) =>
        new(topic.TopicId, GroupPartitioner.PartitionFor(groupId, topic.Partitions.Length));

    private async ValueTask<ErrorCode> CreateTopicAsync(CancellationToken cancellationToken)
    {
        var topic = new NewTopic(InternalTopics.ConsumerOffsets)
        {
            PartitionCount = options.OffsetsTopicPartitionCount,
            ReplicationFactor = options.OffsetsTopicReplicationFactor ?? Math.Clamp(LiveBrokers, 1, DefaultReplicationFactor),
            Configs =
            [
                new(TopicConfigNames.CleanupPolicy, "compact"),
                new(TopicConfigNames.SegmentBytes, $"{options.OffsetsTopicSegmentBytes}"),
                new(TopicConfigNames.CompressionType, "producer"),
            ],
        };
        var reply = await metadata.SubmitAsync(new CreateTopicsCommand([topic]), cancellationToken).ConfigureAwait(false);

        // Someone else's first request may have been quicker.
        var error = reply.Topics[0].ErrorCode;
        return error == ErrorCode.TopicAlreadyExists ? ErrorCode.None : error;
    }
}
