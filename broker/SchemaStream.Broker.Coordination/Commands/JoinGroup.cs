using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>One partition assignor (or other protocol) that a member can work with, and its opaque metadata, which becomes the group's own: no request buffer.</summary>
public readonly record struct JoinProtocol(string Name, ReadOnlyMemory<byte> Metadata);

/// <summary>JoinGroup: become, or stay, a member of the next generation. Waits until the join phase is complete.</summary>
public sealed record JoinGroupCommand : GroupCommand<JoinGroupReply>
{
    public required string GroupId { get; init; }

    /// <summary>Empty for a member that has none yet.</summary>
    public required string MemberId { get; init; }

    /// <summary>Of a static member (KIP-345), else null.</summary>
    public string? GroupInstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required string ProtocolType { get; init; }

    /// <summary>In order of preference.</summary>
    public required IReadOnlyList<JoinProtocol> Protocols { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    /// <summary>JoinGroup 4 and later: a dynamic member first gets an id and MEMBER_ID_REQUIRED (KIP-394).</summary>
    public bool RequireKnownMemberId { get; init; }

    /// <summary>JoinGroup 9 and later: a static leader that rejoins may be told to skip the assignment (KIP-814).</summary>
    public bool SupportSkippingAssignment { get; init; }

    /// <summary>Why the client joins (KIP-800); only told in reports.</summary>
    public string? Reason { get; init; }

    /// <summary>Drawn by the caller: what makes a new member's id unique, should this be a new member.</summary>
    public required Guid MemberUuid { get; init; }

    /// <inheritdoc/>
    public override JoinGroupReply Refused(ErrorCode error) => new() { ErrorCode = error, MemberId = MemberId };
}

/// <summary>A member as the leader sees it in its join reply.</summary>
public readonly record struct JoinedMember(string MemberId, string? GroupInstanceId, ReadOnlyMemory<byte> Metadata);

/// <summary>Answers <see cref="JoinGroupCommand"/>.</summary>
public sealed record JoinGroupReply : GroupReply
{
    public ErrorCode ErrorCode { get; init; }

    public int GenerationId { get; init; } = -1;

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public string LeaderId { get; init; } = "";

    public bool SkipAssignment { get; init; }

    public string MemberId { get; init; } = "";

    /// <summary>All members for the leader, none for the others.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];
}
