namespace SchemaStream.Broker.Replication;

/// <summary>A follower's fetch, as its leader sees it.</summary>
/// <param name="BrokerEpoch">The follower's registration; -1 when it did not say.</param>
/// <param name="LastFetchedEpoch">Leader epoch of the follower's last record; -1 when it has none.</param>
/// <param name="LogStartOffset">The follower's.</param>
/// <param name="CurrentLeaderEpoch">The leader epoch that the follower knows, or -1.</param>
public readonly record struct FollowerFetch(
    int ReplicaId,
    long BrokerEpoch,
    long FetchOffset,
    int LastFetchedEpoch,
    long LogStartOffset,
    int CurrentLeaderEpoch);
