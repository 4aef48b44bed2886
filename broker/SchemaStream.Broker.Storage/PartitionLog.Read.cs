using System.Buffers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>A record found by its time.</summary>
public readonly record struct TimestampedOffset(long Timestamp, long Offset, int LeaderEpoch);

/// <summary>Finding and cutting slices; the bytes themselves are read elsewhere.</summary>
public sealed partial class PartitionLog
{
    /// <summary>More than this is not decompressed to find one record by its time.</summary>
    private const int MaxDecompressedBytes = 256 * 1024 * 1024;

    /// <summary>
    /// Cuts whole batches of one segment, beginning with the one that holds <paramref name="startOffset"/>. Dispose the
    /// slice. It is empty at the log's end, at the bound, and where not even one batch fits.
    /// </summary>
    /// <param name="maxBytes">Most bytes to cut.</param>
    /// <param name="upperBoundOffset">Records at this offset or behind it are not given out (exclusive bound).</param>
    /// <param name="minOneBatch">Whether the first batch comes even if it is larger than <paramref name="maxBytes"/>.</param>
    /// <returns>OFFSET_OUT_OF_RANGE before the log's start or behind its end.</returns>
    public ErrorCode Read(
        long startOffset, int maxBytes, long upperBoundOffset, bool minOneBatch, out LogSlice slice)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (startOffset < LogStartOffset || startOffset > LogEndOffset)
        {
            slice = LogSlice.Empty(startOffset);
            return ErrorCode.OffsetOutOfRange;
        }

        var bound = Math.Min(upperBoundOffset, LogEndOffset);
        for (var i = _segments.FloorIndex(startOffset); startOffset < bound && i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var position = segment.FindBatch(startOffset);
            if (position < segment.SizeInBytes)
            {
                slice = Cut(segment, EndOffsetOf(i), position, startOffset, Math.Max(0, maxBytes), bound, minOneBatch);
                return ErrorCode.None;
            }
        }

        slice = LogSlice.Empty(startOffset);
        return ErrorCode.None;
    }

    /// <summary>
    /// The first record whose timestamp is at least <paramref name="timestamp"/>; null when there is none below the bound.
    /// </summary>
    /// <param name="upperBoundOffset">Records at this offset or behind it are not considered (exclusive bound).</param>
    /// <param name="decompressor">
    /// Looks into compressed batches; without it the answer for those is the batch's first offset.
    /// </param>
    public TimestampedOffset? OffsetForTimestamp(
        long timestamp, long upperBoundOffset, RecordDecompressor? decompressor = null)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var bound = Math.Min(upperBoundOffset, LogEndOffset);
        for (var i = _segments.FloorIndex(LogStartOffset); i < _segments.Count; i++)
        {
            var segment = _segments[i];
            if (segment.BaseOffset >= bound || segment.LargestTimestamp < timestamp)
            {
                continue;
            }

            if (FindByTimestamp(segment, timestamp, decompressor) is { } found)
            {
                return found.Offset < bound ? found : null;
            }
        }

        return null;
    }

    /// <summary>The first record that has the newest timestamp of all; null when no record below the bound has any.</summary>
    public TimestampedOffset? OffsetOfMaxTimestamp(RecordDecompressor? decompressor = null)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        LogSegment? newest = null;
        for (var i = 0; i < _segments.Count; i++)
        {
            if (_segments[i].LargestTimestamp > (newest?.LargestTimestamp ?? RecordBatchHeader.NoTimestamp))
            {
                newest = _segments[i];
            }
        }

        if (newest is null)
        {
            return null;
        }

        var batch = newest.ReadBatch(newest.FindBatch(newest.OffsetOfLargestTimestamp));
        return FindRecord(batch, decompressor, (_, time) => time >= newest.LargestTimestamp);
    }

    /// <summary>Where an epoch, or the newest one before it that the log knows, ends (exclusive).</summary>
    public EpochEndOffset EndOffsetForEpoch(int leaderEpoch) => _epochs.EndOffsetFor(leaderEpoch, LogEndOffset);

    /// <summary>Leader epoch of the record at an offset; -1 when unknown.</summary>
    public int EpochForOffset(long offset) => _epochs.EpochFor(offset);

    private static LogSlice Cut(
        LogSegment segment,
        long segmentEndOffset,
        long position,
        long startOffset,
        int maxBytes,
        long bound,
        bool minOneBatch)
    {
        var (end, nextOffset) = segment.FindEnd(position, maxBytes, bound, segmentEndOffset, minOneBatch);
        if (end <= position)
        {
            return LogSlice.Empty(startOffset);
        }

        Invariant.That(nextOffset > startOffset, "a slice holds the record that was asked for");
        segment.Remember(nextOffset, end);
        return new LogSlice(segment.Log, position, checked((int)(end - position)), startOffset, nextOffset);
    }

    private TimestampedOffset? FindByTimestamp(LogSegment segment, long timestamp, RecordDecompressor? decompressor)
    {
        var from = Math.Max(LogStartOffset, segment.BaseOffset);
        while (segment.FindBatchByTimestamp(timestamp, from) is var position and >= 0)
        {
            var batch = segment.ReadBatch(position);
            var found = FindRecord(
                batch, decompressor, (offset, time) => offset >= LogStartOffset && time >= timestamp);
            if (found is not null)
            {
                return found;
            }

            // Its matching records lie before the log start offset, or its header promised more than its records hold.
            from = new RecordBatchHeader(batch).NextOffset;
        }

        return null;
    }

    private TimestampedOffset? FindRecord(byte[] batch, RecordDecompressor? decompressor, Func<long, long, bool> matches)
    {
        var header = new RecordBatchHeader(batch);
        var records = batch.AsSpan(RecordBatchHeader.Size);
        var epoch = header.PartitionLeaderEpoch;
        if (header.Compression != CompressionType.None)
        {
            if (decompressor is null)
            {
                return new TimestampedOffset(header.MaxTimestamp, Math.Max(header.BaseOffset, LogStartOffset), epoch);
            }

            var output = new ArrayBufferWriter<byte>();
            decompressor(header.Compression, records, output, MaxDecompressedBytes);
            return FindRecord(header, output.WrittenSpan, matches);
        }

        return FindRecord(header, records, matches);
    }

    private static TimestampedOffset? FindRecord(
        RecordBatchHeader header, ReadOnlySpan<byte> records, Func<long, long, bool> matches)
    {
        foreach (var record in new RecordBatchReader(header, records))
        {
            if (matches(record.Offset, record.Timestamp))
            {
                return new TimestampedOffset(record.Timestamp, record.Offset, header.PartitionLeaderEpoch);
            }
        }

        return null;
    }

    private long EndOffsetOf(int index) => index + 1 < _segments.Count ? _segments[index + 1].BaseOffset : LogEndOffset;
}
