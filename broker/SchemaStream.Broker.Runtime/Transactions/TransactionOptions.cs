using SchemaStream.Broker.Coordination.Transactions;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>How this broker coordinates transactions; settings name their Kafka key.</summary>
public sealed record TransactionOptions
{
    public TransactionShardOptions Shards { get; init; } = new();

    /// <summary>transaction.state.log.num.partitions</summary>
    public int TopicPartitionCount { get; init; } = 50;

    /// <summary>transaction.state.log.replication.factor; null for as many as there are live brokers, up to three.</summary>
    public int? TopicReplicationFactor { get; init; }

    /// <summary>transaction.state.log.segment.bytes</summary>
    public int TopicSegmentBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>transaction.state.log.min.isr; never more than there are replicas.</summary>
    public int TopicMinInSyncReplicas { get; init; } = 2;

    /// <summary>
    /// transaction.partition.verification.enable: whether writes of a transaction have to be of partitions that are part of it.
    /// Writes whose partition the leader adds to the transaction (KIP-890) are asked about in any case.
    /// </summary>
    public bool PartitionVerification { get; init; } = true;

    /// <summary>How long a decision may wait for its replicas before its producer is told to try again.</summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
