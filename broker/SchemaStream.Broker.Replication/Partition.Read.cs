using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication;

/// <summary>What a read found: where the bytes lie, not the bytes. The caller gives the slice back.</summary>
public readonly record struct PartitionRead(
    ErrorCode Error,
    long HighWatermark,
    long LastStableOffset,
    long LogStartOffset,
    LogSlice? Slice)
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
    /// <summary>Finds what can be read from an offset on, as the leader.</summary>
    /// <param name="minOneBatch">A first batch larger than <paramref name="maxBytes"/> is given whole, or no reader could pass it.</param>
    public PartitionRead Read(long fetchOffset, int maxBytes, bool minOneBatch, int currentLeaderEpoch, ReadBound bound)
    {
        var error = CheckLeader(currentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return PartitionRead.Failed(error);
        }

        error = _log.Read(fetchOffset, maxBytes, Bound(bound), minOneBatch, out var slice);
        return error == ErrorCode.None && !slice.IsEmpty ? Found(ErrorCode.None, slice) : Found(error, null);
    }

    /// <summary>A follower's fetch tells how far it is: that may commit more.</summary>
    public ErrorCode OnFollowerFetch(int replicaId, long fetchOffset, long followerLogStartOffset, long nowMs)
    {
        if (!_followers.TryGetValue(replicaId, out var follower))
        {
            return ErrorCode.UnknownLeaderEpoch;
        }

        follower.OnFetch(fetchOffset, followerLogStartOffset, _log.LogEndOffset, nowMs);
        if (_isr.Contains(replicaId))
        {
            AdvanceHighWatermark();
        }

        return ErrorCode.None;
    }

    /// <summary>Members of the ISR that have lagged for too long; the leader asks the controller to take them out.</summary>
    public IReadOnlyList<int> OutOfSync(long nowMs, long lagTimeMaxMs) =>
        [.. _followers.Values
            .Where(follower => _isr.Contains(follower.ReplicaId))
            .Where(follower => !follower.IsCaughtUp(_log.LogEndOffset, nowMs, lagTimeMaxMs))
            .Select(follower => follower.ReplicaId)];

    /// <summary>Followers outside the ISR that have all that is committed, and all of this epoch's beginning.</summary>
    public IReadOnlyList<int> ReadyForIsr() =>
        [.. _followers.Values
            .Where(follower => !_isr.Contains(follower.ReplicaId))
            .Where(follower => follower.LogEndOffset >= Math.Max(HighWatermark, LeaderEpochStartOffset))
            .Select(follower => follower.ReplicaId)];

    public long Bound(ReadBound bound) => bound switch
    {
        ReadBound.LogEnd => _log.LogEndOffset,
        ReadBound.HighWatermark => HighWatermark,
        _ => LastStableOffset,
    };

    /// <summary>
    /// Bytes that have come below the bound since this replica was opened: the difference of two looks is what came between.
    /// </summary>
    public long ReadableBytes(ReadBound bound) => bound == ReadBound.LogEnd ? _appendedBytes : _committedBytes;

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
        var latest = LatestOffset(currentLeaderEpoch, bound);
        return latest.Error != ErrorCode.None
            ? latest
            : Lookup(_log.OffsetForTimestamp(timestampMs, latest.Offset, decompressor));
    }

    /// <summary>The record with the newest timestamp.</summary>
    public OffsetLookup OffsetOfMaxTimestamp(int currentLeaderEpoch, RecordDecompressor decompressor)
    {
        var latest = LatestOffset(currentLeaderEpoch, ReadBound.HighWatermark);
        return latest.Error != ErrorCode.None ? latest : Lookup(_log.OffsetOfMaxTimestamp(decompressor));
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

        // The newest epoch may have no record yet; it ends where the log does all the same.
        var end = leaderEpoch == LeaderEpoch
            ? new EpochEndOffset(leaderEpoch, LogEndOffset)
            : _log.EndOffsetForEpoch(leaderEpoch);
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

    private static OffsetLookup Lookup(TimestampedOffset? found) => found is { } record
        ? new OffsetLookup(ErrorCode.None, record.Offset, record.Timestamp, record.LeaderEpoch)
        : new OffsetLookup(ErrorCode.None, -1, -1, -1);

    private PartitionRead Found(ErrorCode error, LogSlice? slice) =>
        new(error, HighWatermark, LastStableOffset, _log.LogStartOffset, slice);
}
