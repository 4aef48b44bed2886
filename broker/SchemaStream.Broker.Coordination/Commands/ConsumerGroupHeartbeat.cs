using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>ConsumerGroupHeartbeat (KIP-848): join, stay, acknowledge and leave in one. Null: unchanged.</summary>
public sealed record ConsumerGroupHeartbeatCommand : GroupCommand<ConsumerGroupHeartbeatReply>
{
    /// <summary>The member wants to join.</summary>
    public const int Join = 0;

    /// <summary>The member leaves.</summary>
    public const int Leave = -1;

    /// <summary>A static member leaves and means to come back.</summary>
    public const int LeaveForAWhile = -2;

    public required string GroupId { get; init; }

    /// <summary>The client's own choice from version 1 on; empty on joining in version 0.</summary>
    public required string MemberId { get; init; }

    public required int MemberEpoch { get; init; }

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public TimeSpan? RebalanceTimeout { get; init; }

    public IReadOnlyList<string>? SubscribedTopicNames { get; init; }

    /// <summary>Empty: no more.</summary>
    public string? SubscribedTopicRegex { get; init; }

    public string? ServerAssignor { get; init; }

    /// <summary>What the member owns.</summary>
    public PartitionSet? OwnedPartitions { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    /// <summary>Version 1 and later: the client has to name itself.</summary>
    public bool RequiresMemberId { get; init; }

    /// <summary>Drawn by the caller: the id of a member that brings none.</summary>
    public required Guid MemberUuid { get; init; }

    /// <inheritdoc/>
    public override ConsumerGroupHeartbeatReply Refused(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>Answers <see cref="ConsumerGroupHeartbeatCommand"/>.</summary>
public sealed record ConsumerGroupHeartbeatReply : GroupReply
{
    public ErrorCode ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public string? MemberId { get; init; }

    public int MemberEpoch { get; init; }

    public TimeSpan HeartbeatInterval { get; init; }

    /// <summary>Null: unchanged.</summary>
    public PartitionSet? Assignment { get; init; }
}
