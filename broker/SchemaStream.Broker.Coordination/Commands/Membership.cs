using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>Heartbeat: the member lives, and learns whether a rebalance is under way.</summary>
public sealed record HeartbeatCommand(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId)
    : GroupCommand<HeartbeatReply>
{
    /// <inheritdoc/>
    public override HeartbeatReply Refused(ErrorCode error) => new(error);
}

/// <summary>Answers <see cref="HeartbeatCommand"/>.</summary>
public sealed record HeartbeatReply(ErrorCode ErrorCode) : GroupReply
{
    /// <summary>The reply of nearly every heartbeat.</summary>
    public static HeartbeatReply Ok { get; } = new(ErrorCode.None);
}

/// <summary>A member to remove: by member id, or (member id empty) by the instance id of a static member.</summary>
public readonly record struct LeavingMember(string MemberId, string? GroupInstanceId, string? Reason = null);

/// <summary>LeaveGroup: members go, or an administrator removes them.</summary>
public sealed record LeaveGroupCommand(string GroupId, IReadOnlyList<LeavingMember> Members) : GroupCommand<LeaveGroupReply>
{
    /// <inheritdoc/>
    public override LeaveGroupReply Refused(ErrorCode error) => new(error, []);
}

/// <summary>How one member's leave went.</summary>
public readonly record struct LeftMember(string MemberId, string? GroupInstanceId, ErrorCode ErrorCode);

/// <summary>Answers <see cref="LeaveGroupCommand"/>. Before LeaveGroup 3 the only member's error is the request's.</summary>
public sealed record LeaveGroupReply(ErrorCode ErrorCode, IReadOnlyList<LeftMember> Members) : GroupReply;
