using System.Collections.Immutable;
using SchemaStream.Broker.Raft;

namespace SchemaStream.Broker.Runtime.Cluster;

/// <summary>How a node is part of a cluster; settings name their Kafka key.</summary>
public sealed record ClusterOptions
{
    /// <summary>process.roles</summary>
    public ProcessRoles Roles { get; init; } = ProcessRoles.Broker | ProcessRoles.Controller;

    /// <summary>
    /// controller.quorum.voters: the controllers by node id and where their listeners are. Empty: this node is the only one,
    /// and needs no controller listener. What the quorum's log says of its voters goes before this.
    /// </summary>
    public ImmutableSortedDictionary<int, HostAndPort> QuorumVoters { get; init; } =
        ImmutableSortedDictionary<int, HostAndPort>.Empty;

    /// <summary>broker.session.timeout.ms: a broker that is not heard of for this long is fenced.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>broker.heartbeat.interval.ms; never more than a third of the session time-out is used.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>controller.quorum.election.timeout.ms</summary>
    public TimeSpan QuorumElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>controller.quorum.fetch.timeout.ms</summary>
    public TimeSpan QuorumFetchTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>metadata.log.max.record.bytes.between.snapshots</summary>
    public long MetadataMaxBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary>metadata.log.max.snapshot.interval.ms</summary>
    public TimeSpan MetadataMaxSnapshotInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>request.timeout.ms: how long a command looks for a controller that takes it.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for leadership to move to others.</summary>
    public TimeSpan ControlledShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>controlled.shutdown.enable</summary>
    public bool ControlledShutdown { get; init; } = true;

    /// <summary>auto.leader.rebalance.enable</summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary>leader.imbalance.check.interval.seconds</summary>
    public TimeSpan LeaderImbalanceCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>leader.imbalance.per.broker.percentage</summary>
    public int LeaderImbalancePerBrokerPercentage { get; init; } = 10;

    public bool IsBroker => Roles.HasFlag(ProcessRoles.Broker);

    public bool IsController => Roles.HasFlag(ProcessRoles.Controller);

    /// <summary>Whether a node is the whole quorum.</summary>
    public bool IsAlone(int nodeId) => IsController && QuorumVoters.Keys.All(voter => voter == nodeId);
}
