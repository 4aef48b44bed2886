using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Coordinators;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>The handlers' door to the group coordinators of this broker.</summary>
internal sealed class GroupAccess(IMetadataAccess metadata, HostedPartitions partitions, RuntimeOptions options) : IGroupAccess
{
    private readonly CoordinatorShards<GroupShardHost> _shards = new(
        metadata,
        partitions,
        new CoordinatorTopic(InternalTopics.ConsumerOffsets)
        {
            PartitionCount = options.OffsetsTopicPartitionCount,
            ReplicationFactor = options.OffsetsTopicReplicationFactor,
            SegmentBytes = options.OffsetsTopicSegmentBytes,
        });

    /// <summary>Completes when the shards that are being loaded are loaded.</summary>
    public Task Loaded => _shards.Loaded;

    public ValueTask<TReply> SubmitAsync<TReply>(
        string groupId, GroupCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : GroupReply => _shards.SubmitAsync<TReply>(groupId, command, cancellationToken);

    public ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        GroupCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : GroupReply => _shards.SubmitToAllAsync<TReply>(command, cancellationToken);

    public ValueTask<CoordinatorResult> FindCoordinatorAsync(string groupId, CancellationToken cancellationToken) =>
        _shards.FindAsync(groupId, cancellationToken);
}
