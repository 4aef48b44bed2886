namespace SchemaStream.Broker.Replication;

/// <summary>What the metadata says of a partition: who leads, who follows, and since which epochs.</summary>
/// <param name="LeaderId">-1 when no one leads.</param>
/// <param name="LeaderEpoch">Grows with each election.</param>
/// <param name="PartitionEpoch">Grows with each change of any of this.</param>
/// <param name="Replicas">All assigned ones, during a reassignment those that come and those that go too.</param>
public sealed record LeaderAndIsr(
    int LeaderId,
    int LeaderEpoch,
    int PartitionEpoch,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr);
