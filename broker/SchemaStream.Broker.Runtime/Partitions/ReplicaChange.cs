using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Replicas;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>What a new image means to one partition here.</summary>
internal sealed class ReplicaChange(HostedPartition partition, bool isNew, TopicConfig config, LeaderAndIsr state)
{
    public HostedPartition Partition => partition;

    /// <summary>Its log is to be opened first.</summary>
    public bool IsNew => isNew;

    public TopicConfig Config => config;

    public LeaderAndIsr State => state;

    public ThrottledSides Throttled { get; init; }

    /// <summary>Whom the replica follows afterwards; no one when it leads or went offline.</summary>
    public Following Following { get; set; } = new(partition, -1, -1, default);
}
