using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>What the leader assigns to one member. The bytes become the group's own: no request buffer.</summary>
public readonly record struct MemberAssignment(string MemberId, ReadOnlyMemory<byte> Assignment);

/// <summary>SyncGroup: hand in (leader) and fetch (everyone) the assignment. Waits for the leader.</summary>
public sealed record SyncGroupCommand : GroupCommand<SyncGroupReply>
{
    public required string GroupId { get; init; }

    public required int GenerationId { get; init; }

    public required string MemberId { get; init; }

    public string? GroupInstanceId { get; init; }

    /// <summary>SyncGroup 5 and later; null is not checked.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>SyncGroup 5 and later; null is not checked.</summary>
    public string? ProtocolName { get; init; }

    /// <summary>Empty but for the leader.</summary>
    public IReadOnlyList<MemberAssignment> Assignments { get; init; } = [];

    /// <inheritdoc/>
    public override SyncGroupReply Refused(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>Answers <see cref="SyncGroupCommand"/>.</summary>
public sealed record SyncGroupReply : GroupReply
{
    public ErrorCode ErrorCode { get; init; }

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public ReadOnlyMemory<byte> Assignment { get; init; }
}
