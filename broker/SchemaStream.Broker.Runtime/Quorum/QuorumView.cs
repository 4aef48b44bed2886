using System.Collections.Immutable;
using SchemaStream.Broker.Raft;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>The quorum as this node sees it.</summary>
/// <param name="NodeId">This node.</param>
/// <param name="LeaderId">Who leads, where it is known.</param>
/// <param name="LeaderEpoch">The highest epoch that is known.</param>
/// <param name="IsReady">This node leads, and everything before its epoch is committed and replayed.</param>
/// <param name="HighWatermark">Everything below is committed.</param>
/// <param name="Voters">Controller endpoints of the voters; one that is known without an endpoint has an empty host.</param>
public sealed record QuorumView(
    int NodeId, int? LeaderId, int LeaderEpoch, bool IsReady, long HighWatermark, ImmutableSortedDictionary<int, HostAndPort> Voters)
{
    public bool IsLeader => LeaderId == NodeId;
}
