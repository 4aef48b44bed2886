using SchemaStream.Broker.Coordination.Commands;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>ConsumerGroupDescribe.</summary>
internal static class ConsumerInspecting
{
    public static DescribeConsumerGroupReply Describe(ConsumerGroup group, GroupShardOptions options) => new()
    {
        GroupId = group.GroupId,
        State = group.State.ToString(),
        GroupEpoch = group.GroupEpoch,
        AssignmentEpoch = group.AssignmentEpoch,
        AssignorName = TargetAssigning.PreferredAssignor(group, options),
        Members = [.. group.Members.Values.Select(member => new DescribedConsumerMember
        {
            MemberId = member.MemberId,
            InstanceId = member.InstanceId,
            RackId = member.Metadata.RackId,
            MemberEpoch = member.MemberEpoch,
            ClientId = member.Metadata.ClientId,
            ClientHost = member.Metadata.ClientHost,
            SubscribedTopicNames = member.Metadata.SubscribedTopicNames,
            SubscribedTopicRegex = member.Metadata.SubscribedTopicRegex,
            Assignment = member.Current.Assigned,
            TargetAssignment = group.Target(member.MemberId),
            IsClassic = member.IsClassic,
        })],
    };
}
