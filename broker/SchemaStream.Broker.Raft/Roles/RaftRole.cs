namespace SchemaStream.Broker.Raft.Roles;

/// <summary>What a node is in its epoch, with what only that role needs. Exactly one at a time.</summary>
internal abstract class RaftRole;

/// <summary>Knows the epoch, not its leader: waits for one, or for its own turn.</summary>
internal sealed class UnattachedRole(long deadlineMs) : RaftRole
{
    public long DeadlineMs { get; set; } = deadlineMs;
}

/// <summary>Asks whether a majority would vote for it, before it disturbs anyone with a new epoch.</summary>
internal sealed class ProspectiveRole(long deadlineMs) : RaftRole
{
    public long DeadlineMs { get; } = deadlineMs;

    public HashSet<NodeId> Granted { get; } = [];
}

/// <summary>Has begun an epoch and voted for itself.</summary>
internal sealed class CandidateRole(long deadlineMs) : RaftRole
{
    public long DeadlineMs { get; } = deadlineMs;

    public HashSet<NodeId> Granted { get; } = [];
}

/// <summary>Follows a leader by fetching from it; an observer does too, without a vote.</summary>
internal sealed class FollowerRole(NodeId leader, long fetchDeadlineMs) : RaftRole
{
    public NodeId Leader { get; } = leader;

    /// <summary>Without an answer by then the leader is taken for gone.</summary>
    public long FetchDeadlineMs { get; set; } = fetchDeadlineMs;

    /// <summary>Its process was found to be gone: whoever wants to stand need not wait for this node to notice.</summary>
    public bool IsLeaderGone { get; set; }

    public long RetryAtMs { get; set; }

    /// <summary>Being downloaded by the driver: nothing is fetched meanwhile.</summary>
    public Log.EpochEnd? Snapshot { get; set; }
}

/// <summary>Was the leader of this epoch and no longer is; votes for others in later ones.</summary>
internal sealed class ResignedRole(long deadlineMs) : RaftRole
{
    public long DeadlineMs { get; } = deadlineMs;
}
