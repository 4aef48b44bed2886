using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>DescribeGroups, for one group.</summary>
public sealed record DescribeGroupCommand(string GroupId) : GroupCommand<DescribeGroupReply>
{
    /// <inheritdoc/>
    public override DescribeGroupReply Refused(ErrorCode error) =>
        new() { GroupId = GroupId, ErrorCode = error, State = "" };
}

/// <summary>A member as DescribeGroups shows it.</summary>
public sealed record DescribedMember(
    string MemberId,
    string? GroupInstanceId,
    string ClientId,
    string ClientHost,
    ReadOnlyMemory<byte> Metadata,
    ReadOnlyMemory<byte> Assignment);

/// <summary>
/// Answers <see cref="DescribeGroupCommand"/>. A group that is not there has GROUP_ID_NOT_FOUND and state "Dead";
/// versions before 6 show the state only, without the error.
/// </summary>
public sealed record DescribeGroupReply : GroupReply
{
    public required string GroupId { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Kafka's name of the state: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead.</summary>
    public required string State { get; init; }

    public string ProtocolType { get; init; } = "";

    /// <summary>The chosen protocol while the group is stable.</summary>
    public string ProtocolData { get; init; } = "";

    public IReadOnlyList<DescribedMember> Members { get; init; } = [];
}

/// <summary>
/// ListGroups, for the groups of one shard; the driver asks every shard. Empty filters let everything pass,
/// names are compared without regard to case.
/// </summary>
public sealed record ListGroupsCommand(IReadOnlyList<string> StatesFilter, IReadOnlyList<string> TypesFilter)
    : GroupCommand<ListGroupsReply>
{
    /// <inheritdoc/>
    public override ListGroupsReply Refused(ErrorCode error) => new(error, []);
}

/// <summary>A group as ListGroups shows it.</summary>
public readonly record struct ListedGroup(string GroupId, string ProtocolType, string State, string Type);

/// <summary>Answers <see cref="ListGroupsCommand"/>.</summary>
public sealed record ListGroupsReply(ErrorCode ErrorCode, IReadOnlyList<ListedGroup> Groups) : GroupReply;

/// <summary>DeleteGroups, for one group: only an empty one goes, with all its offsets.</summary>
public sealed record DeleteGroupCommand(string GroupId) : GroupCommand<DeleteGroupReply>
{
    /// <inheritdoc/>
    public override DeleteGroupReply Refused(ErrorCode error) => new(GroupId, error);
}

/// <summary>Answers <see cref="DeleteGroupCommand"/>.</summary>
public sealed record DeleteGroupReply(string GroupId, ErrorCode ErrorCode) : GroupReply;
