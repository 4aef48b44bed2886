namespace SchemaStream.Broker.Coordination.Effects;

/// <summary>What a deadline is about.</summary>
public enum GroupTimerKind
{
    /// <summary>A member (or an id given out and not used yet) must be heard of.</summary>
    Session,

    /// <summary>The join phase ends, whoever has joined.</summary>
    Join,

    /// <summary>Who has not synced by then is removed.</summary>
    Sync,

    /// <summary>A member of a consumer group must have got on: given up partitions, joined again, or synced.</summary>
    Progress,

    /// <summary>Look for offsets whose retention is over; of the shard, not of a group.</summary>
    OffsetExpiry,
}

/// <summary>Names one deadline of a shard.</summary>
public readonly record struct GroupTimerKey(GroupTimerKind Kind, string GroupId, string MemberId)
{
    public static GroupTimerKey OffsetExpiry { get; } = new(GroupTimerKind.OffsetExpiry, "", "");

    public static GroupTimerKey Session(string groupId, string memberId) => new(GroupTimerKind.Session, groupId, memberId);

    public static GroupTimerKey Progress(string groupId, string memberId) => new(GroupTimerKind.Progress, groupId, memberId);

    public static GroupTimerKey Join(string groupId) => new(GroupTimerKind.Join, groupId, "");

    public static GroupTimerKey Sync(string groupId) => new(GroupTimerKind.Sync, groupId, "");
}
