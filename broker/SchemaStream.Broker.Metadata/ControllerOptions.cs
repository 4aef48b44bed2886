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
}
