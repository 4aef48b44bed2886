namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>An internal topic that a coordinator's shards are kept in: how it is created when it is first asked for.</summary>
internal sealed record CoordinatorTopic(string Name)
{
    public required int PartitionCount { get; init; }

    /// <summary>Null for as many as there are live brokers, up to three.</summary>
    public int? ReplicationFactor { get; init; }

    public required int SegmentBytes { get; init; }

    /// <summary>min.insync.replicas, but never more than there are replicas; null for the cluster's default.</summary>
    public int? MinInSyncReplicas { get; init; }
}
