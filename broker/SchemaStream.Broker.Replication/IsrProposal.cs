namespace SchemaStream.Broker.Replication;

/// <summary>
/// The ISR that a leader asks the controller for (AlterPartition). The controller takes it only as of both epochs, and
/// only if every member is the broker, by its epoch, that the leader means.
/// </summary>
public sealed record IsrProposal(int LeaderEpoch, int PartitionEpoch, IReadOnlyList<IsrMember> NewIsr);

/// <param name="BrokerEpoch">As its fetches, or for the leader its registration, said; -1 when neither has yet.</param>
public readonly record struct IsrMember(int BrokerId, long BrokerEpoch);

/// <summary>What the metadata says of brokers that want to be in an ISR. Asked on the partition's lane.</summary>
public interface IIsrEligibility
{
    /// <summary>Whether the broker is registered, under this epoch, not fenced and not on its way down.</summary>
    bool MayJoinIsr(int brokerId, long brokerEpoch);
}

/// <summary>Where the brokers are that a consumer could read from.</summary>
public interface IReplicaLocations
{
    /// <summary>The broker's rack; null when it has none or cannot be reached by clients now.</summary>
    string? RackOf(int brokerId);
}
