using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>Where a transaction's aborted records begin, for readers of committed records.</summary>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset);

/// <summary>Where a follower's log parts from the leader's: it truncates to <paramref name="EndOffset"/>.</summary>
public readonly record struct EpochEndOffset(int LeaderEpoch, long EndOffset);

/// <summary>What one partition gave. <see cref="Records"/> is valid until the result that holds it is disposed.</summary>
/// <param name="CurrentLeaderId">With NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: who leads now; else -1.</param>
/// <param name="PreferredReadReplica">The broker that the consumer should read from next time, with no records; else -1.</param>
public readonly record struct FetchPartitionResult(
    TopicIdPartition Partition,
    ErrorCode Error,
    long HighWatermark,
    long LastStableOffset,
    long LogStartOffset,
    ReadOnlyMemory<byte> Records,
    EpochEndOffset? DivergingEpoch = null,
    IReadOnlyList<AbortedTransaction>? AbortedTransactions = null,
    int CurrentLeaderId = -1,
    int CurrentLeaderEpoch = -1,
    int PreferredReadReplica = -1);

/// <summary>The answer to a fetch; disposing it gives the memory of the records back.</summary>
public abstract class FetchReadResult : IDisposable
{
    /// <summary>One per partition of the query, in the query's order.</summary>
    public abstract IReadOnlyList<FetchPartitionResult> Partitions { get; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
