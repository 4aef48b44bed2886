using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>An offset found by time. Offset and timestamp are -1 when no record is that young.</summary>
public readonly record struct ListOffsetsResult(ErrorCode Error, long TimestampMs, long Offset, int LeaderEpoch)
{
    public static ListOffsetsResult Failed(ErrorCode error) => new(error, -1, -1, -1);
}

/// <summary>Where a leader epoch ends in the leader's log; -1 and -1 when it is unknown.</summary>
public readonly record struct OffsetForLeaderEpochResult(ErrorCode Error, int LeaderEpoch, long EndOffset);

/// <summary>The lowest offset that can still be read after a deletion.</summary>
public readonly record struct DeleteRecordsResult(ErrorCode Error, long LowWatermark);

/// <summary>The times of ListOffsets that mean a place rather than a time. The values are those of the wire.</summary>
public static class ListOffsetsTimestamp
{
    public const long Latest = -1;
    public const long Earliest = -2;
    public const long MaxTimestamp = -3;
    public const long EarliestLocal = -4;
    public const long LatestTiered = -5;
    public const long EarliestPendingUpload = -6;
}

/// <summary>
/// The partitions this broker holds, as the handlers see them. Every call may be made from any thread; the work is done
/// on the lane that owns the partition.
/// </summary>
public interface IPartitionAccess
{
    /// <summary>
    /// Appends the batches of one partition and completes when the acknowledgement asked for is there.
    /// <paramref name="batches"/> must stay as it is until then, except that the broker itself writes the header fields
    /// it owns (base offset, leader epoch, and the timestamp where the topic says so) into it.
    /// Two calls for one partition are appended in the order in which they were made.
    /// </summary>
    ValueTask<ProduceResult> ProduceAsync(TopicIdPartition partition, ReadOnlyMemory<byte> batches, ProduceOptions options);

    /// <summary>Reads, waiting for data as the query says. The caller disposes the result.</summary>
    ValueTask<FetchReadResult> FetchAsync(FetchQuery query, CancellationToken cancellationToken);

    /// <param name="timestampMs">A time, or one of <see cref="ListOffsetsTimestamp"/>.</param>
    ValueTask<ListOffsetsResult> ListOffsetsAsync(
        TopicIdPartition partition,
        long timestampMs,
        IsolationLevel isolation,
        int currentLeaderEpoch = -1,
        int replicaId = -1);

    ValueTask<OffsetForLeaderEpochResult> OffsetForLeaderEpochAsync(
        TopicIdPartition partition,
        int leaderEpoch,
        int currentLeaderEpoch = -1);

    /// <summary>Whom the partition remembers; asked of its leader.</summary>
    ValueTask<DescribeProducersResult> DescribeProducersAsync(TopicIdPartition partition);

    /// <param name="offset">The first offset to keep, or -1 for the high watermark.</param>
    ValueTask<DeleteRecordsResult> DeleteRecordsAsync(TopicIdPartition partition, long offset);
}
