using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Broker.Raft.Messages;

/// <summary>What nodes of the quorum tell each other. The driver carries it; losing, repeating or delaying one is harmless.</summary>
/// <param name="From">Who says it.</param>
/// <param name="To">Who is told.</param>
/// <param name="LeaderEpoch">The highest epoch the speaker knows.</param>
public abstract record RaftMessage(NodeId From, NodeId To, int LeaderEpoch);

/// <summary>Asks for a vote in an epoch; as a pre-vote only whether it would be given, which binds nobody.</summary>
public sealed record VoteRequest(NodeId From, NodeId To, int LeaderEpoch, bool IsPreVote, EpochEnd LogEnd)
    : RaftMessage(From, To, LeaderEpoch);

public sealed record VoteResponse(NodeId From, NodeId To, int LeaderEpoch, bool IsPreVote, bool IsGranted, NodeId? Leader)
    : RaftMessage(From, To, LeaderEpoch);

/// <summary>A leader makes itself known, until each voter has fetched from it.</summary>
public sealed record BeginEpochRequest(NodeId From, NodeId To, int LeaderEpoch) : RaftMessage(From, To, LeaderEpoch);

/// <summary>A leader lays its office down and says who should follow, best first.</summary>
public sealed record EndEpochRequest(NodeId From, NodeId To, int LeaderEpoch, IReadOnlyList<NodeId> Successors)
    : RaftMessage(From, To, LeaderEpoch);

/// <summary>Asks for what follows <paramref name="LogEnd"/>, and by that says: up to there I have it on disk.</summary>
/// <param name="From">The follower or observer.</param>
/// <param name="To">The leader, or who might know it.</param>
/// <param name="LeaderEpoch">The epoch in which the follower follows.</param>
/// <param name="LogEnd">The follower's last epoch and log end offset.</param>
/// <param name="HighWatermark">The follower's; a leader with a newer one answers at once.</param>
public sealed record FetchRequest(NodeId From, NodeId To, int LeaderEpoch, EpochEnd LogEnd, long HighWatermark)
    : RaftMessage(From, To, LeaderEpoch);

/// <summary>The answer to a fetch. The leader's driver fills <see cref="Batches"/> from its log as it sends.</summary>
public sealed record FetchResponse(
    NodeId From, NodeId To, int LeaderEpoch, NodeId? Leader, EpochEnd LogEnd, long HighWatermark, FetchOutcome Outcome)
    : RaftMessage(From, To, LeaderEpoch)
{
    /// <summary>Where the logs part; the follower cuts its own back, with <see cref="FetchOutcome.Diverging"/>.</summary>
    public EpochEnd Divergence { get; init; }

    /// <summary>What stands for the part of the log that is gone, with <see cref="FetchOutcome.SnapshotNeeded"/>.</summary>
    public EpochEnd Snapshot { get; init; }

    /// <summary>What follows <see cref="FetchResponse.LogEnd"/>, the follower's own as it asked, with <see cref="FetchOutcome.Records"/>.</summary>
    public IReadOnlyList<LogBatch> Batches { get; init; } = [];
}

public enum FetchOutcome
{
    /// <summary>Records, perhaps none, and the high watermark.</summary>
    Records = 0,

    /// <summary>Not the leader of that epoch; the response says who is, where it is known.</summary>
    NotLeader = 1,

    /// <summary>The follower's log holds what this leader's does not.</summary>
    Diverging = 2,

    /// <summary>The follower asks for what the leader's log no longer holds.</summary>
    SnapshotNeeded = 3,
}
