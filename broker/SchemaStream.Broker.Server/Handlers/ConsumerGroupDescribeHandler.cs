using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ConsumerGroupDescribe v0–1 (KIP-848). Errors are per group; a classic group is GROUP_ID_NOT_FOUND here. v1 tells which
// members speak the classic protocol. Topics that are gone are left out of assignments.
internal sealed class ConsumerGroupDescribeHandler(IMetadataAccess metadata, IGroupAccess groups)
    : ApiHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
{
    private const sbyte ClassicMember = 0;
    private const sbyte ConsumerMember = 1;

    protected override async ValueTask<ConsumerGroupDescribeResponse?> HandleAsync(
        ConsumerGroupDescribeRequest request, RequestContext context)
    {
        var response = new ConsumerGroupDescribeResponse();
        foreach (var groupId in request.GroupIds)
        {
            var reply = await groups.SubmitAsync(
                groupId, new DescribeConsumerGroupCommand(groupId), context.Cancellation).ConfigureAwait(false);
            response.Groups.Add(Answer(reply, metadata.Image));
        }

        return response;
    }

    private static ConsumerGroupDescribeResponse.DescribedGroup Answer(DescribeConsumerGroupReply reply, MetadataImage image)
    {
        var group = new ConsumerGroupDescribeResponse.DescribedGroup
        {
            ErrorCode = reply.ErrorCode,
            ErrorMessage = reply.ErrorMessage,
            GroupId = reply.GroupId,
            GroupState = reply.State,
            GroupEpoch = reply.GroupEpoch,
            AssignmentEpoch = reply.AssignmentEpoch,
            AssignorName = reply.AssignorName,
        };
        foreach (var member in reply.Members)
        {
            group.Members.Add(new()
            {
                MemberId = member.MemberId,
                InstanceId = member.InstanceId,
                RackId = member.RackId,
                MemberEpoch = member.MemberEpoch,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SubscribedTopicNames = [.. member.SubscribedTopicNames],
                SubscribedTopicRegex = member.SubscribedTopicRegex,
                Assignment = Answer(member.Assignment, image),
                TargetAssignment = Answer(member.TargetAssignment, image),
                MemberType = member.IsClassic ? ClassicMember : ConsumerMember,
            });
        }

        return group;
    }

    private static ConsumerGroupDescribeResponse.Assignment Answer(PartitionSet partitions, MetadataImage image)
    {
        var assignment = new ConsumerGroupDescribeResponse.Assignment();
        foreach (var topic in partitions.ByTopic)
        {
            if (image.TryGetTopic(topic.Key, out var found))
            {
                assignment.TopicPartitions.Add(new() { TopicId = topic.Key, TopicName = found.Name, Partitions = [.. topic] });
            }
        }

        return assignment;
    }
}
