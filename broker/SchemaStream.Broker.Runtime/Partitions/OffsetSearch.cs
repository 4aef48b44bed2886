using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>ListOffsets: what each of the special times means here, and the search for all others.</summary>
internal static class OffsetSearch
{
    private static readonly RecordDecompressor Decompressor = RecordCompression.Decompress;

    public static async ValueTask<ListOffsetsResult> RunAsync(
        HostedPartition partition, long timestampMs, IsolationLevel isolation, int currentLeaderEpoch, int replicaId)
    {
        var bound = replicaId >= 0 ? ReadBound.LogEnd
            : isolation == IsolationLevel.ReadCommitted ? ReadBound.LastStableOffset
            : ReadBound.HighWatermark;
        var found = await partition.CallAsync(
            replica => Find(replica, timestampMs, bound, currentLeaderEpoch),
            error => OffsetLookup.Failed(error)).ConfigureAwait(false);
        return new ListOffsetsResult(found.Error, found.TimestampMs, found.Offset, found.LeaderEpoch);
    }

    private static OffsetLookup Find(Partition replica, long timestampMs, ReadBound bound, int currentLeaderEpoch) =>
        timestampMs switch
        {
            ListOffsetsTimestamp.Latest => replica.LatestOffset(currentLeaderEpoch, bound),
            ListOffsetsTimestamp.Earliest or ListOffsetsTimestamp.EarliestLocal => replica.EarliestOffset(currentLeaderEpoch),
            ListOffsetsTimestamp.MaxTimestamp => replica.OffsetOfMaxTimestamp(currentLeaderEpoch, bound, Decompressor),

            // Nothing is tiered: there is no last offset of the remote part, and none waits to go there.
            ListOffsetsTimestamp.LatestTiered or ListOffsetsTimestamp.EarliestPendingUpload =>
                replica.LatestOffset(currentLeaderEpoch, bound) with { Offset = -1, LeaderEpoch = -1 },
            _ => replica.OffsetForTimestamp(timestampMs, currentLeaderEpoch, bound, Decompressor),
        };
}
