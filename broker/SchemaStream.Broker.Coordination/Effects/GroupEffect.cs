using SchemaStream.Broker.Coordination.Commands;

namespace SchemaStream.Broker.Coordination.Effects;

/// <summary>Something for the driver to do.</summary>
public abstract record GroupEffect;

/// <summary>Answer the request that waits under this token. Every token is answered exactly once.</summary>
public sealed record SendReply(RequestToken Token, GroupReply Reply) : GroupEffect;

/// <summary>Call the shard with the key at the deadline; an earlier deadline of the key is void.</summary>
public sealed record ScheduleTimer(GroupTimerKey Key, long DeadlineMs) : GroupEffect;

/// <summary>The key's deadline is void.</summary>
public sealed record CancelTimer(GroupTimerKey Key) : GroupEffect;

/// <summary>For the log: a change of a group's state and why, or a record that could not be read.</summary>
public sealed record Report(string GroupId, string Message) : GroupEffect;
