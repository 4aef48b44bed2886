using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>ConsumerGroupDescribe, for one group.</summary>
public sealed record DescribeConsumerGroupCommand(string GroupId) : GroupCommand<DescribeConsumerGroupReply>
{
    /// <inheritdoc/>
    public override DescribeConsumerGroupReply Refused(ErrorCode error) => new() { GroupId = GroupId, ErrorCode = error };
}

/// <summary>A member as ConsumerGroupDescribe shows it.</summary>
public sealed record DescribedConsumerMember
{
    public required string MemberId { get; init; }

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public required int MemberEpoch { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required IReadOnlyList<string> SubscribedTopicNames { get; init; }

    public string? SubscribedTopicRegex { get; init; }

    /// <summary>What it has.</summary>
    public required PartitionSet Assignment { get; init; }

    /// <summary>What it is to have.</summary>
    public required PartitionSet TargetAssignment { get; init; }

    /// <summary>It speaks the classic protocol.</summary>
    public required bool IsClassic { get; init; }
}

/// <summary>Answers <see cref="DescribeConsumerGroupCommand"/>.</summary>
public sealed record DescribeConsumerGroupReply : GroupReply
{
    public required string GroupId { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Kafka's name of the state: Empty, Assigning, Reconciling, Stable.</summary>
    public string State { get; init; } = "";

    public int GroupEpoch { get; init; }

    public int AssignmentEpoch { get; init; }

    public string AssignorName { get; init; } = "";

    public IReadOnlyList<DescribedConsumerMember> Members { get; init; } = [];
}
