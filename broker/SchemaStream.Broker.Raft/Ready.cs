using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Raft;

/// <summary>
/// Work for the driver, in this order: persist <see cref="State"/> and <see cref="Log"/> and flush them; send
/// <see cref="Messages"/>; then let what waits for <see cref="HighWatermark"/> go on. The order is the safety of the quorum.
/// </summary>
public sealed class Ready
{
    /// <summary>To be persisted; null when it has not changed.</summary>
    public required QuorumState? State { get; init; }

    /// <summary>To be done to the log, one after the other.</summary>
    public required IReadOnlyList<LogOperation> Log { get; init; }

    /// <summary>A snapshot to download from this leader, and then to hand to <see cref="QuorumRaft.InstallSnapshot"/>.</summary>
    public required (NodeId Leader, EpochEnd Snapshot)? Download { get; init; }

    /// <summary>To be sent once everything above is on disk. A fetch response's records are read from the log now.</summary>
    public required IReadOnlyList<RaftMessage> Messages { get; init; }

    /// <summary>Everything below is committed and may be applied and acknowledged.</summary>
    public required long HighWatermark { get; init; }

    /// <summary>Who leads, as far as this node knows.</summary>
    public required NodeId? Leader { get; init; }

    /// <summary>The epoch of <see cref="Leader"/>.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>What others said that cannot be, to be logged: a fault over there, or a hostile sender.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];
}
