namespace SchemaStream.Broker.Runtime.Access;

/// <summary>Up to where a reader may see. The values are those of the wire.</summary>
public enum IsolationLevel : sbyte
{
    ReadUncommitted = 0,

    ReadCommitted = 1,
}

/// <summary>What is wanted of one partition.</summary>
/// <param name="CurrentLeaderEpoch">The leader epoch the reader knows, or -1 when it knows none.</param>
/// <param name="LastFetchedEpoch">A follower's epoch of its last record, to find where the logs part; -1 otherwise.</param>
/// <param name="LogStartOffset">A follower's own log start offset; -1 for consumers.</param>
public readonly record struct FetchPartition(
    TopicIdPartition Partition,
    long FetchOffset,
    int PartitionMaxBytes,
    int CurrentLeaderEpoch = -1,
    int LastFetchedEpoch = -1,
    long LogStartOffset = -1);

/// <summary>A fetch: answered once <see cref="MinBytes"/> are there, a partition has an error, or after <see cref="MaxWait"/>.</summary>
public sealed class FetchQuery
{
    /// <summary>Answered in this order; the first ones get the bytes when <see cref="MaxBytes"/> does not do for all.</summary>
    public required IReadOnlyList<FetchPartition> Partitions { get; init; }

    public required int MinBytes { get; init; }

    public required int MaxBytes { get; init; }

    public required TimeSpan MaxWait { get; init; }

    public IsolationLevel Isolation { get; init; }

    /// <summary>The follower that fetches, or -1 for a consumer.</summary>
    public int ReplicaId { get; init; } = -1;
}
