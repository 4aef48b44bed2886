using System.Collections.Immutable;
using SchemaStream.Broker.Raft;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What a node's part of the quorum is told at its start; settings name their Kafka key.</summary>
internal sealed record QuorumOptions
{
    /// <summary>node.id</summary>
    public required int NodeId { get; init; }

    /// <summary>Requests of another cluster are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>
    /// controller.quorum.voters: the voters with which a new log begins, and where they are. A node that is not among them
    /// follows as an observer. Empty: this node alone.
    /// </summary>
    public ImmutableSortedDictionary<int, HostAndPort> Voters { get; init; } = ImmutableSortedDictionary<int, HostAndPort>.Empty;

    /// <summary>controller.quorum.election.timeout.ms</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>controller.quorum.fetch.timeout.ms</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>metadata.log.max.record.bytes.between.snapshots</summary>
    public long MaxBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary>metadata.log.max.snapshot.interval.ms</summary>
    public TimeSpan MaxSnapshotInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Most bytes of records in one response to a follower, unless the first batch alone is larger.</summary>
    public int FetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of a snapshot in one response.</summary>
    public int SnapshotChunkBytes { get; init; } = 1024 * 1024;

    /// <summary>Work and messages that wait for the loop; whoever has more waits for room, or is refused.</summary>
    public int QueueCapacity { get; init; } = 4096;
}
