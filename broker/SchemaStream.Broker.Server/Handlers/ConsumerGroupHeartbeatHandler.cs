using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Broker.Metadata.Features;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ConsumerGroupHeartbeat v0–1 (KIP-848); UNSUPPORTED_VERSION while the feature group.version is 0. Join, stay, acknowledge and
// leave in one; answered at once. From v1 on the client names itself, and may subscribe by a regular expression of RE2's syntax.
internal sealed class ConsumerGroupHeartbeatHandler(IMetadataAccess metadata, IGroupAccess groups)
    : ApiHandler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>
{
    protected override async ValueTask<ConsumerGroupHeartbeatResponse?> HandleAsync(
        ConsumerGroupHeartbeatRequest request, RequestContext context)
    {
        if (metadata.Image.FeatureLevel(FeatureRegistry.GroupVersion) < 1)
        {
            return new ConsumerGroupHeartbeatResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        }

        var reply = await groups.SubmitAsync(
            request.GroupId,
            new ConsumerGroupHeartbeatCommand
            {
                GroupId = request.GroupId,
                MemberId = request.MemberId,
                MemberEpoch = request.MemberEpoch,
                InstanceId = request.InstanceId,
                RackId = request.RackId,
                RebalanceTimeout = request.RebalanceTimeoutMs == -1 ? null : TimeSpan.FromMilliseconds(request.RebalanceTimeoutMs),
                SubscribedTopicNames = request.SubscribedTopicNames is { } names ? [.. names] : null,
                SubscribedTopicRegex = request.SubscribedTopicRegex,
                ServerAssignor = request.ServerAssignor,
                OwnedPartitions = request.TopicPartitions is { } owned
                    ? PartitionSet.Of(
                        from topic in owned
                        from partition in topic.Partitions
                        select new TopicPartitionId(topic.TopicId, partition))
                    : null,
                ClientId = context.ClientId,
                ClientHost = "/" + context.ClientAddress,
                RequiresMemberId = context.ApiVersion >= 1,
                MemberUuid = Guid.NewGuid(),
            },
            context.Cancellation).ConfigureAwait(false);

        return new ConsumerGroupHeartbeatResponse
        {
            ErrorCode = reply.ErrorCode,
            ErrorMessage = reply.ErrorMessage,
            MemberId = reply.MemberId,
            MemberEpoch = reply.MemberEpoch,
            HeartbeatIntervalMs = (int)reply.HeartbeatInterval.TotalMilliseconds,
            Assignment = reply.Assignment is { } assignment
                ? new()
                {
                    TopicPartitions = [.. assignment.ByTopic.Select(topic =>
                        new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = topic.Key, Partitions = [.. topic] })],
                }
                : null,
        };
    }
}
