using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>Finding things in a segment.</summary>
internal sealed partial class LogSegment
{
    /// <summary>
    /// Finds the batch that holds <paramref name="offset"/>, or the first behind it. The position is the file's end when
    /// there is none.
    /// </summary>
    public long FindBatch(long offset)
    {
        if (_hints is not null && _hints.TryFind(offset, out var known))
        {
            return known;
        }

        EnsureLoaded();
        var start = OffsetIndex.FindPosition(offset);
        if (TryScanFor(offset, start, out var position))
        {
            return position;
        }

        // The index led astray: it is made anew from the log, which alone is the truth.
        RebuildIndexes();
        start = OffsetIndex.FindPosition(offset);
        return TryScanFor(offset, start, out position)
            ? position
            : throw NoBatchNear(position);
    }

    /// <summary>
    /// Finds where a read that begins at a batch has to end: behind the last whole batch that fits into
    /// <paramref name="maxBytes"/> and lies below <paramref name="upperBoundOffset"/>.
    /// </summary>
    /// <param name="nextOffset">The offset at which the segment ends (exclusive).</param>
    public (long Position, long NextOffset) FindEnd(
        long start, int maxBytes, long upperBoundOffset, long nextOffset, bool minOneBatch)
    {
        var limit = Math.Min(start + maxBytes, SizeInBytes);
        if (limit == SizeInBytes && upperBoundOffset >= nextOffset)
        {
            return (SizeInBytes, nextOffset);
        }

        EnsureLoaded();
        if (TryScanForEnd(start, limit, upperBoundOffset, nextOffset, minOneBatch, out var end))
        {
            return end;
        }

        RebuildIndexes();
        return TryScanForEnd(start, limit, upperBoundOffset, nextOffset, minOneBatch, out end)
            ? end
            : throw NoBatchNear(end.Position);
    }

    /// <summary>Remembers that the batch with this offset begins at this position.</summary>
    public void Remember(long offset, long position) => (_hints ??= new PositionHints()).Add(offset, position);

    /// <summary>The first batch at or behind an offset that has a record of this time or a later one; -1 if none has.</summary>
    public long FindBatchByTimestamp(long timestamp, long fromOffset)
    {
        EnsureLoaded();
        var start = FindBatch(Math.Max(TimeIndex.FindOffset(timestamp), fromOffset));
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, start, SizeInBytes, BatchCursor.LookupChunk);
            while (cursor.MoveNext())
            {
                if (cursor.Header.MaxTimestamp >= timestamp)
                {
                    return cursor.Position;
                }
            }

            return -1;
        }
        finally
        {
            open.Release();
        }
    }

    /// <summary>The whole batch at a position.</summary>
    public byte[] ReadBatch(long position)
    {
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, position, SizeInBytes, RecordBatchHeader.Size);
            if (!cursor.MoveNext())
            {
                throw new LogStorageException("read", Log.Path, $"{cursor.Fault.Describe()} (at {position})");
            }

            var batch = new byte[cursor.NextPosition - position];
            _ = open.File.Read(position, batch);
            return batch;
        }
        finally
        {
            open.Release();
        }
    }

    private LogStorageException NoBatchNear(long position) =>
        new("read", Log.Path, $"there is no batch where one should be, near {position}");

    private bool TryScanFor(long offset, long start, out long position)
    {
        // Between two index entries there is room for only so many batches; more means that entries are missing.
        var budget = start > 0 || SizeInBytes > _indexIntervalBytes
            ? (_indexIntervalBytes / RecordBatchHeader.Size) + 3
            : int.MaxValue;
        var isFirst = true;
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, start, SizeInBytes, BatchCursor.LookupChunk);
            while (cursor.MoveNext())
            {
                position = cursor.Position;
                var header = cursor.Header;
                var isAstray = header.BaseOffset < BaseOffset || (isFirst && start > 0 && header.BaseOffset > offset);
                if (isAstray || (--budget < 0 && !_indexesAreRebuilt))
                {
                    return false;
                }

                if (header.LastOffset >= offset)
                {
                    return true;
                }

                isFirst = false;
            }

            position = cursor.NextPosition;
            return cursor.Fault == RecordBatchFault.None;
        }
        finally
        {
            open.Release();
        }
    }

    private bool TryScanForEnd(
        long start,
        long limit,
        long upperBoundOffset,
        long nextOffset,
        bool minOneBatch,
        out (long Position, long NextOffset) end)
    {
        var known = upperBoundOffset >= nextOffset
            ? OffsetIndex.FindBatchStart(limit)
            : Math.Min(OffsetIndex.FindBatchStart(limit), OffsetIndex.FindPosition(upperBoundOffset));
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, Math.Max(start, known), SizeInBytes, BatchCursor.LookupChunk);
            while (cursor.MoveNext())
            {
                var header = cursor.Header;
                var fits = cursor.NextPosition <= limit || (minOneBatch && cursor.Position == start);
                if (!fits || header.LastOffset >= upperBoundOffset)
                {
                    end = (cursor.Position, header.BaseOffset);
                    return true;
                }
            }

            end = (cursor.NextPosition, nextOffset);
            return cursor.Fault == RecordBatchFault.None;
        }
        finally
        {
            open.Release();
        }
    }
}
