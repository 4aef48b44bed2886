using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Fetches;

/// <summary>What is known of one partition of a fetch while it runs.</summary>
internal struct FetchSlot
{
    /// <summary>Null when this broker has no such partition.</summary>
    public HostedPartition? Partition;

    public PartitionRead Read;

    /// <summary>The partition's count of readable bytes when it was read.</summary>
    public long ReadableBytes;

    /// <summary>Where the fetch waits, while it does. The partition's, at the time: it may have a new one since.</summary>
    public PendingFetches? WaitsAt;

    /// <summary>Where a follower's fetch also waits, to hear of a higher watermark.</summary>
    public PendingFetches? WaitsForCommitsAt;

    /// <summary>Who leads, for the client whose view is old.</summary>
    public int LeaderId;

    public int LeaderEpoch;

    /// <summary>Takes the notes back, on the partition's lane.</summary>
    public readonly void StopWaiting(IFetchWaiter waiter)
    {
        WaitsAt?.Remove(waiter);
        WaitsForCommitsAt?.Remove(waiter);
    }

    /// <summary>Where the consumer should read from instead; -1 for here.</summary>
    public int PreferredReadReplica;
}
