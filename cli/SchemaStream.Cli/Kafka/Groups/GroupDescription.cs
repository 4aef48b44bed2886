namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>A group in a list.</summary>
internal sealed record ListedGroup(string GroupId, string Type, string State);

/// <summary>A group as its coordinator tells of it, whichever protocol its members speak.</summary>
/// <param name="State">By Kafka's name; <c>Dead</c>: there is none.</param>
/// <param name="Coordinator">Host, port and id, as tools print it.</param>
/// <param name="GroupEpoch">Null for classic groups.</param>
internal sealed record GroupDescription(
    string GroupId, string State, string Coordinator, string Assignor, int? GroupEpoch, int? AssignmentEpoch, IReadOnlyList<GroupMemberDescription> Members)
{
    public const string Dead = "Dead";
    public const string Empty = "Empty";
}

/// <summary>A member of a group.</summary>
/// <param name="Epoch">Null for members of classic groups.</param>
/// <param name="IsUpgraded">In a group of the new protocol: whether the member speaks it itself; null where that is not told.</param>
internal sealed record GroupMemberDescription(
    string MemberId,
    string InstanceId,
    string ClientId,
    string Host,
    IReadOnlyList<TopicPartition> Assignment,
    IReadOnlyList<TopicPartition> Target,
    int? Epoch,
    bool? IsUpgraded);
