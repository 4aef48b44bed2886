namespace SchemaStream.Broker.Raft;

/// <summary>What a node must not forget: the epoch it has seen, and whom it voted for in it. Persisted before it is acted on.</summary>
/// <param name="LeaderEpoch">The highest epoch seen.</param>
/// <param name="VotedFor">Who got this node's vote in that epoch.</param>
/// <param name="Leader">Who leads that epoch, where it is known.</param>
public sealed record QuorumState(int LeaderEpoch, NodeId? VotedFor, NodeId? Leader)
{
    public static QuorumState Initial { get; } = new(0, null, null);
}
