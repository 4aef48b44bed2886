using System.Collections.Immutable;
using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Cleaning;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Runtime.Transactions;

namespace SchemaStream.Broker.Runtime;

/// <summary>What a broker's inside is told at its start; settings name their Kafka key.</summary>
public sealed record RuntimeOptions
{
    /// <summary>node.id</summary>
    public required int NodeId { get; init; }

    /// <summary>log.dirs, with one directory. Created and formatted when it is not there.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where clients reach this broker: advertised.listeners.</summary>
    public required ImmutableArray<BrokerEndpoint> Endpoints { get; init; }

    /// <summary>broker.rack</summary>
    public string? Rack { get; init; }

    /// <summary>
    /// cluster.id: the cluster to belong to; null for the directory's own. Only a node that is the whole quorum makes up an id
    /// for a new directory.
    /// </summary>
    public string? ClusterId { get; init; }

    /// <summary>How this node is part of a cluster; by itself it is one.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>The broker's settings that topics fall back to.</summary>
    public TopicConfigDefaults TopicDefaults { get; init; } = TopicConfigDefaults.Kafka;

    /// <summary>num.partitions</summary>
    public int DefaultPartitionCount { get; init; } = 1;

    /// <summary>default.replication.factor</summary>
    public int DefaultReplicationFactor { get; init; } = 1;

    public GroupShardOptions Groups { get; init; } = new();

    /// <summary>offsets.topic.num.partitions</summary>
    public int OffsetsTopicPartitionCount { get; init; } = 50;

    /// <summary>offsets.topic.replication.factor; null for as many as there are live brokers, up to three.</summary>
    public int? OffsetsTopicReplicationFactor { get; init; }

    /// <summary>offsets.topic.segment.bytes</summary>
    public int OffsetsTopicSegmentBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>offsets.commit.timeout.ms</summary>
    public TimeSpan OffsetsCommitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How this broker coordinates transactions.</summary>
    public TransactionOptions Transactions { get; init; } = new();

    /// <summary>producer.id.expiration.ms</summary>
    public TimeSpan ProducerIdExpiration { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How this broker's replicas follow others' and are followed.</summary>
    public ReplicaOptions Replicas { get; init; } = new();

    /// <summary>log.retention.check.interval.ms</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How compacted logs are cleaned: log.cleaner.*</summary>
    public CleanerOptions Cleaner { get; init; } = new();

    /// <summary>fetch.max.bytes: the most that one fetch is answered with, whatever it asks for.</summary>
    public int FetchMaxBytes { get; init; } = 55 * 1024 * 1024;

    /// <summary>schemastream.lanes: how many partitions can be worked on at the same time.</summary>
    public int LaneCount { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>schemastream.metrics.max.series: topics and groups that metrics tell apart.</summary>
    public int MetricsMaxSeries { get; init; } = 1_000;

    /// <summary>schemastream.lane.queue: commands that wait on one lane before its posters have to.</summary>
    public int LaneCapacity { get; init; } = 4096;
}
