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
/// <param name="HighWatermark">
/// A follower's own high watermark, when it wants to hear of a higher one at once; else <see cref="long.MaxValue"/>.
/// </param>
public readonly record struct FetchPartition(
    TopicIdPartition Partition,
    long FetchOffset,
    int PartitionMaxBytes,
    int CurrentLeaderEpoch = -1,
    int LastFetchedEpoch = -1,
    long LogStartOffset = -1,
    long HighWatermark = long.MaxValue);

/// <summary>
/// A fetch: answered once <see cref="MinBytes"/> are there, a partition has an error, or after <see cref="MaxWait"/>. It may
/// be used again once its result was disposed.
/// </summary>
public sealed class FetchQuery
{
    /// <summary>Answered in this order; the first ones get the bytes when <see cref="MaxBytes"/> does not do for all.</summary>
    public required IReadOnlyList<FetchPartition> Partitions { get; set; }

    public required int MinBytes { get; set; }

    public required int MaxBytes { get; set; }

    public required TimeSpan MaxWait { get; set; }

    public IsolationLevel Isolation { get; set; }

    /// <summary>The follower that fetches, or -1 for a consumer.</summary>
    public int ReplicaId { get; set; } = -1;

    /// <summary>The follower's broker epoch, so that a fetch of its former process is not taken for progress; -1 for none.</summary>
    public long ReplicaEpoch { get; set; } = -1;

    /// <summary>
    /// The consumer's client.rack. With one, the answer may name a closer replica, and a replica that does not lead serves
    /// up to the high watermark it knows; null or empty for readers that read from leaders only.
    /// </summary>
    public string? ClientRack { get; set; }
}
