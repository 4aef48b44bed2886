using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>What the newest image says of other brokers, for partitions on any lane.</summary>
internal sealed class KnownBrokers(HostedPartitions partitions) : IIsrEligibility, IReplicaLocations
{
    public bool MayJoinIsr(int brokerId, long brokerEpoch) =>
        partitions.Image.Brokers.TryGetValue(brokerId, out var broker) && broker.IsActive && broker.BrokerEpoch == brokerEpoch;

    public string? RackOf(int brokerId) =>
        partitions.Image.Brokers.TryGetValue(brokerId, out var broker) && !broker.Fenced ? broker.Rack : null;

    /// <summary>Of a broker's registration; -1 when it has none.</summary>
    public long EpochOf(int brokerId) =>
        partitions.Image.Brokers.TryGetValue(brokerId, out var broker) ? broker.BrokerEpoch : -1;
}
