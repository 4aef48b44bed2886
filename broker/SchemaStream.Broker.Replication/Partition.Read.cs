using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication;

/// <summary>What a read found: where the bytes lie, not the bytes. The caller gives the slice back.</summary>
/// <param name="DivergingEpoch">
/// The reader's log, or what it has read, is not a beginning of this one: where this log's newest epoch that is not newer
/// than the reader's ends.
/// </param>
/// <param name="AbortedTransactions">For readers of committed records: those in the slice that were aborted, if any.</param>
/// <param name="IsrMayGrow">Worth a <see cref="Partition.ProposeIsr"/> now: the follower has caught up.</param>
public readonly record struct PartitionRead(
    ErrorCode Error,
    long HighWatermark,
    long LastStableOffset,
    long LogStartOffset,
    LogSlice? Slice,
    EpochEndOffset? DivergingEpoch = null,
    bool IsrMayGrow = false,
    IReadOnlyList<AbortedTransaction>? AbortedTransactions = null)
{
    public static PartitionRead Failed(ErrorCode error) => new(error, -1, -1, -1, null);
}

/// <summary>An offset with the epoch it was written in, and its timestamp where one was asked for.</summary>
public readonly record struct OffsetLookup(ErrorCode Error, long Offset, long TimestampMs, int LeaderEpoch)
{
    public static OffsetLookup Failed(ErrorCode error) => new(error, -1, -1, -1);
}

public sealed partial class Partition
{
    /// <summary>Finds what a consumer can read from an offset on.</summary>
    /// <param name="minOneBatch">A first batch larger than <paramref name="maxBytes"/> is given whole, or no reader could pass it.</param>
    /// <param name="lastFetchedEpoch">Leader epoch of the last record the reader has, or -1: an older log is told apart by it.</param>
    public PartitionRead Read(
        long fetchOffset,
        int maxBytes,
        bool minOneBatch,
        int currentLeaderEpoch,
        ReadBound bound,
        ReadFrom from = ReadFrom.Leader,
        int lastFetchedEpoch = -1)
    {
        var error = Check(currentLeaderEpoch, from);
        if (error != ErrorCode.None)
        {
            return PartitionRead.Failed(error);
        }

        // A follower that is behind knows nothing of what it does not have yet: only its range can be told.
        if ((IsLeader || fetchOffset <= _log.LogEndOffset)
            && DivergingEpoch(fetchOffset, lastFetchedEpoch) is { } diverging)
        {
            return Found(ErrorCode.None, null) with { DivergingEpoch = diverging };
        }

        error = Find(fetchOffset, maxBytes, Bound(bound), minOneBatch, out var slice);
        var found = Found(error, slice);
        return bound == ReadBound.LastStableOffset && slice is not null
            ? found with { AbortedTransactions = _log.AbortedTransactions(fetchOffset, slice.NextOffset) }
            : found;
    }

    /// <summary>
    /// The closest replica for a consumer that comes to this leader (KIP-392): one in the client's rack that is in sync and
    /// has the offset, the one furthest along. -1 when that is this one, or there is none.
    /// </summary>
    public int SelectReadReplica(string? clientRack, long fetchOffset, IReplicaLocations locations)
    {
        if (!IsLeader || string.IsNullOrEmpty(clientRack) || locations.RackOf(_localId) == clientRack)
        {
            return -1;
        }

        ReplicaProgress? best = null;
        foreach (var id in _replicas.Isr)
        {
            if (_replicas.Find(id) is { } follower
                && follower.LogEndOffset >= fetchOffset
                && follower.LogStartOffset <= fetchOffset
                && follower.LogEndOffset > (best?.LogEndOffset ?? -1)
                && locations.RackOf(id) == clientRack)
            {
                best = follower;
            }
        }

        return best?.ReplicaId ?? -1;
    }

    public long Bound(ReadBound bound) => bound switch
    {
        ReadBound.LogEnd => _log.LogEndOffset,
        ReadBound.HighWatermark => HighWatermark,
        _ => LastStableOffset,
    };

    /// <summary>
    /// Bytes that have come below the bound since this replica was opened: the difference of two looks is what came between.
    /// </summary>
    public long ReadableBytes(ReadBound bound) => bound switch
    {
        ReadBound.LogEnd => _appendedBytes,
        ReadBound.HighWatermark => _committedBytes,
        _ => _stableBytes,
    };

    /// <summary>Where long polls up to a bound wait.</summary>
    public PendingFetches PendingFetchesAt(ReadBound bound) => bound switch
    {
        ReadBound.LogEnd => PendingReplicaFetches,
        ReadBound.HighWatermark => PendingFetches,
        _ => PendingStableFetches,
    };

    /// <summary>The newest offset that may be told to a reader.</summary>
    public OffsetLookup LatestOffset(int currentLeaderEpoch, ReadBound bound)
    {
        var error = CheckLeader(currentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return OffsetLookup.Failed(error);
        }

        // A new leader whose watermark has not reached its own epoch could tell less than the old leader told.
        return bound != ReadBound.LogEnd && HighWatermark < LeaderEpochStartOffset
            ? OffsetLookup.Failed(ErrorCode.OffsetNotAvailable)
            : new OffsetLookup(ErrorCode.None, Bound(bound), -1, LeaderEpoch);
    }

    /// <summary>The first record that is at least as young as the timestamp, among those a reader may see.</summary>
    public OffsetLookup OffsetForTimestamp(
        long timestampMs, int currentLeaderEpoch, ReadBound bound, RecordDecompressor decompressor)
    {
        var error = CheckLeader(currentLeaderEpoch);
        return error != ErrorCode.None
            ? OffsetLookup.Failed(error)
            : Lookup(_log.OffsetForTimestamp(timestampMs, Bound(bound), decompressor), currentLeaderEpoch, bound);
    }

    /// <summary>The record with the newest timestamp, if a reader may see it.</summary>
    public OffsetLookup OffsetOfMaxTimestamp(int currentLeaderEpoch, ReadBound bound, RecordDecompressor decompressor)
    {
        var error = CheckLeader(currentLeaderEpoch);
        return error != ErrorCode.None
            ? OffsetLookup.Failed(error)
            : Lookup(_log.OffsetOfMaxTimestamp(decompressor), currentLeaderEpoch, bound);
    }

    /// <summary>The first offset that can be read.</summary>
    public OffsetLookup EarliestOffset(int currentLeaderEpoch)
    {
        var error = CheckLeader(currentLeaderEpoch);
        return error != ErrorCode.None
            ? OffsetLookup.Failed(error)
            : new OffsetLookup(ErrorCode.None, LogStartOffset, -1, _log.EpochForOffset(LogStartOffset));
    }

    /// <summary>Where a leader epoch ends in this leader's log: what a follower, or a client, checks its own end against.</summary>
    public OffsetLookup EndOffsetForLeaderEpoch(int leaderEpoch, int currentLeaderEpoch)
    {
        var error = CheckLeader(currentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return OffsetLookup.Failed(error);
        }

        var end = EndOfEpoch(leaderEpoch);
        return new OffsetLookup(ErrorCode.None, end.EndOffset, -1, end.LeaderEpoch);
    }

    /// <param name="offset">The first offset to keep, or -1 for the high watermark.</param>
    public ErrorCode DeleteRecordsBefore(long offset)
    {
        var error = CheckLeader(currentLeaderEpoch: -1);
        if (error != ErrorCode.None)
        {
            return error;
        }

        var target = offset == -1 ? HighWatermark : offset;
        if (target < 0 || target > HighWatermark)
        {
            return ErrorCode.OffsetOutOfRange;
        }

        _log.AdvanceLogStartOffset(target);
        return ErrorCode.None;
    }

    /// <summary>What was found below the bound; where nothing was, a new leader may only not know yet that it is committed.</summary>
    private OffsetLookup Lookup(TimestampedOffset? found, int currentLeaderEpoch, ReadBound bound)
    {
        if (found is { } record && record.Offset < Bound(bound))
        {
            return new OffsetLookup(ErrorCode.None, record.Offset, record.Timestamp, record.LeaderEpoch);
        }

        var latest = LatestOffset(currentLeaderEpoch, bound);
        return latest.Error == ErrorCode.None ? new OffsetLookup(ErrorCode.None, -1, -1, -1) : latest;
    }

    /// <summary>As the log's own, without a slice where it is empty: most polls of idle partitions are.</summary>
    private ErrorCode Find(long offset, int maxBytes, long bound, bool minOneBatch, out LogSlice? slice)
    {
        slice = null;
        if (offset >= bound && offset >= _log.LogStartOffset && offset <= _log.LogEndOffset)
        {
            return ErrorCode.None;
        }

        var error = _log.Read(offset, maxBytes, bound, minOneBatch, out var found);
        if (error == ErrorCode.None && !found.IsEmpty)
        {
            slice = found;
        }

        return error;
    }

    private EpochEndOffset? DivergingEpoch(long fetchOffset, int lastFetchedEpoch)
    {
        if (lastFetchedEpoch < 0)
        {
            return null;
        }

        var end = EndOfEpoch(lastFetchedEpoch);
        return end.EndOffset >= 0 && (end.LeaderEpoch < lastFetchedEpoch || end.EndOffset < fetchOffset) ? end : null;
    }

    private EpochEndOffset EndOfEpoch(int leaderEpoch)
    {
        var known = _log.EndOffsetForEpoch(leaderEpoch);
        if (known.EndOffset >= 0 || !IsLeader || leaderEpoch < 0 || leaderEpoch > LeaderEpoch)
        {
            return known;
        }

        // Newer than the newest record. The leader's own epoch ends where the log does, though it may have no record yet;
        // of one in between nothing is here, and what came before it ends where this leader's begins.
        return new EpochEndOffset(
            leaderEpoch == LeaderEpoch || _log.LatestEpoch < 0 ? leaderEpoch : _log.LatestEpoch, _log.LogEndOffset);
    }

    private PartitionRead Found(ErrorCode error, LogSlice? slice) =>
        new(error, HighWatermark, LastStableOffset, _log.LogStartOffset, slice);
}
