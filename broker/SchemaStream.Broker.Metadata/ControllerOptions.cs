using SchemaStream.Broker.Metadata.Configs;

namespace SchemaStream.Broker.Metadata;

/// <summary>The controller's settings; each names its Kafka key where it has one.</summary>
public sealed record ControllerOptions
{
    /// <summary>num.partitions</summary>
    public int DefaultPartitionCount { get; init; } = 1;

    /// <summary>default.replication.factor</summary>
    public int DefaultReplicationFactor { get; init; } = 1;

    /// <summary>The broker's settings that topics fall back to.</summary>
    public TopicConfigDefaults TopicDefaults { get; init; } = TopicConfigDefaults.Kafka;

    /// <summary>Partitions that one request may create; Kafka's bound.</summary>
    public int MaxPartitionsPerRequest { get; init; } = 10_000;

    /// <summary>Partitions of the whole cluster; a bound of ours on what the image may grow to.</summary>
    public int MaxPartitions { get; init; } = 200_000;

    /// <summary>Brokers of the whole cluster; a bound of ours.</summary>
    public int MaxBrokers { get; init; } = 1_000;

    /// <summary>Users, client ids and addresses with quotas of their own; a bound of ours.</summary>
    public int MaxClientQuotaEntities { get; init; } = 10_000;

    /// <summary>Subscriptions to clients' metrics; a bound of ours, for every client is matched against each.</summary>
    public int MaxClientMetricsSubscriptions { get; init; } = 100;

    /// <summary>SCRAM credentials of all users; a bound of ours.</summary>
    public int MaxScramCredentials { get; init; } = 10_000;

    /// <summary>Groups with configs of their own; a bound of ours.</summary>
    public int MaxGroupsWithConfigs { get; init; } = 10_000;

    /// <summary>Changes of partitions that one decision makes where no one asked for so many by name; Kafka's bound of a batch.</summary>
    public int MaxRecordsPerDecision { get; init; } = 10_000;

    /// <summary>broker.session.timeout.ms: silence after which a broker is fenced.</summary>
    public TimeSpan BrokerSessionTimeout { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>auto.leader.rebalance.enable</summary>
    public bool AutoLeaderRebalance { get; init; } = true;

    /// <summary>leader.imbalance.check.interval.seconds</summary>
    public TimeSpan LeaderImbalanceCheckInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// leader.imbalance.per.broker.percentage: of the partitions that a broker is the preferred leader of, how many others
    /// may lead before they are given back.
    /// </summary>
    public int LeaderImbalancePerBrokerPercentage { get; init; } = 10;
}
