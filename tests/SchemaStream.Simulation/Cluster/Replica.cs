using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Storage;

namespace SchemaStream.Simulation.Cluster;

/// <summary>One replica on one broker: the production machine over the production log.</summary>
internal sealed class Replica(PartitionKey key, Partition partition, PartitionLog log)
{
    public PartitionKey Key { get; } = key;

    public Partition Partition { get; } = partition;

    public PartitionLog Log { get; } = log;

    /// <summary>As the metadata said last.</summary>
    public PartitionRegistration Registration { get; private set; } = null!;

    /// <summary>When the leader is asked next, if no answer comes before.</summary>
    public long NextFetchMs { get; set; }

    /// <summary>Up to here what is below the high watermark was compared with what was committed before.</summary>
    public long ComparedTo { get; set; }

    /// <summary>As of the last look, while it leads.</summary>
    public long HighWatermarkAsLeader { get; set; }

    public int EpochSeenLeading { get; set; } = -1;

    public bool IsLeader => Partition.Role == PartitionRole.Leader;

    public void Apply(PartitionRegistration registration, int minInSyncReplicas, long nowMs)
    {
        Registration = registration;
        Partition.MinInSyncReplicas = minInSyncReplicas;
        Partition.Apply(State(registration), nowMs);
    }

    public static LeaderAndIsr State(PartitionRegistration registration) => new(
        registration.Leader,
        registration.LeaderEpoch,
        registration.PartitionEpoch,
        registration.Replicas,
        registration.Isr);
}
