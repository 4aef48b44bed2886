using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>Coming to terms with what is on disk.</summary>
internal sealed partial class LogSegment
{
    private bool _indexesAreRebuilt;
    private bool _tailIsSound;
    private long _nextOffsetOfTail;

    /// <summary>Called with each batch that a scan finds sound, in order.</summary>
    public delegate void BatchObserver(RecordBatchHeader header);

    /// <summary>As <see cref="BatchObserver"/>, with the marker of a control batch that ends a transaction.</summary>
    public delegate void MarkedBatchObserver(RecordBatchHeader header, EndTransactionMarker? marker);

    /// <summary>The indexes that had to be made anew since the segment was opened.</summary>
    public bool AreIndexesRebuilt => _indexesAreRebuilt;

    /// <summary>
    /// Reads every batch, checks every checksum and makes the indexes anew. Nothing is cut: the caller decides, from the
    /// valid bytes returned.
    /// </summary>
    public SegmentScan Scan(BatchObserver observe)
    {
        var size = Log.LengthOnDisk();
        ResetIndexes();
        TransactionIndex.Reset();
        var nextOffset = BaseOffset;
        var fault = RecordBatchFault.None;
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, 0, size, BatchCursor.ScanChunk);
            long validBytes = 0;
            while (cursor.MoveNext())
            {
                fault = cursor.ValidateCurrent();
                var header = cursor.Header;
                // Offsets only rise, and an index entry has to be able to say them relative to the segment's base.
                if (fault == RecordBatchFault.None
                    && (header.BaseOffset < nextOffset || header.LastOffset - BaseOffset > int.MaxValue))
                {
                    fault = RecordBatchFault.CountMismatch;
                }

                if (fault != RecordBatchFault.None)
                {
                    break;
                }

                NoteBatch(header, cursor.Position);
                observe(header);
                nextOffset = header.NextOffset;
                validBytes = cursor.NextPosition;
            }

            (_size, _nextOffsetOfTail, _tailIsSound) = (validBytes, nextOffset, true);
            return new SegmentScan(size, validBytes, nextOffset, fault == RecordBatchFault.None ? cursor.Fault : fault);
        }
        finally
        {
            open.Release();
        }
    }

    /// <summary>
    /// Learns the log end offset of a segment that was closed properly, from the few batches behind the last index
    /// entry. Null when they are not sound: then only a scan tells.
    /// </summary>
    public long? ReadNextOffset()
    {
        EnsureLoaded();
        return _tailIsSound ? _nextOffsetOfTail : null;
    }

    /// <summary>Headers from a position on, without checking their batches; for what is derived from the log.</summary>
    public void ForEachBatch(long fromOffset, BatchObserver observe) => ForEachBatch(fromOffset, (header, _) => observe(header));

    /// <inheritdoc cref="ForEachBatch(long, BatchObserver)"/>
    public void ForEachBatch(long fromOffset, MarkedBatchObserver observe)
    {
        if (SizeInBytes == 0)
        {
            return;
        }

        var start = FindBatch(fromOffset);
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, start, SizeInBytes, BatchCursor.ScanChunk);
            while (cursor.MoveNext())
            {
                observe(cursor.Header, cursor.ReadMarker());
            }

            if (cursor.Fault != RecordBatchFault.None)
            {
                throw new LogStorageException("read", Log.Path, $"{cursor.Fault.Describe()} (at {cursor.Position})");
            }
        }
        finally
        {
            open.Release();
        }
    }

    private void EnsureLoaded()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        var isComplete = SizeInBytes == 0
            || (_directory.Exists(OffsetIndex.Handle.Name) && _directory.Exists(TimeIndex.Handle.Name));
        if (!isComplete || !OffsetIndex.IsSane(SizeInBytes) || !TimeIndex.IsSane())
        {
            RebuildIndexes();
        }

        LoadTail();
        if (!_tailIsSound && !_indexesAreRebuilt)
        {
            RebuildIndexes();
            LoadTail();
        }
    }

    /// <summary>Learns what only the batches behind the last index entry tell.</summary>
    private void LoadTail()
    {
        (_largestTimestamp, _offsetOfLargestTimestamp) = TimeIndex.Last();
        var start = OffsetIndex.Count == 0 ? 0 : OffsetIndex.EntryAt(OffsetIndex.Count - 1).Position;
        _bytesSinceIndexEntry = SizeInBytes - start;
        _nextOffsetOfTail = BaseOffset;
        _tailIsSound = true;
        if (SizeInBytes == 0)
        {
            return;
        }

        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, start, SizeInBytes, BatchCursor.LookupChunk);
            while (cursor.MoveNext())
            {
                var header = cursor.Header;
                if (header.BaseOffset < _nextOffsetOfTail)
                {
                    _tailIsSound = false;
                    return;
                }

                _nextOffsetOfTail = header.NextOffset;
                if (header.MaxTimestamp > _largestTimestamp)
                {
                    (_largestTimestamp, _offsetOfLargestTimestamp) = (header.MaxTimestamp, header.LastOffset);
                }
            }

            _tailIsSound = cursor.Fault == RecordBatchFault.None;
        }
        finally
        {
            open.Release();
        }
    }

    private void RebuildIndexes()
    {
        ResetIndexes();
        var open = Log.Acquire();
        try
        {
            using var cursor = new BatchCursor(open.File, 0, SizeInBytes, BatchCursor.ScanChunk);
            while (cursor.MoveNext() && cursor.Header.BaseOffset >= BaseOffset)
            {
                NoteBatch(cursor.Header, cursor.Position);
            }
        }
        finally
        {
            open.Release();
        }

        TimeIndex.AppendIfNewer(_largestTimestamp, _offsetOfLargestTimestamp);
        WritePendingIndexEntries();
    }

    private void ResetIndexes()
    {
        _isLoaded = true;
        _indexesAreRebuilt = true;
        IsDirty = true;
        _hints?.Clear();
        _bytesSinceIndexEntry = 0;
        _largestTimestamp = RecordBatchHeader.NoTimestamp;
        _offsetOfLargestTimestamp = BaseOffset;
        _firstTimestamp = RecordBatchHeader.NoTimestamp;
        OffsetIndex.Reset();
        TimeIndex.Reset();
    }
}

/// <summary>What a scan of a segment found.</summary>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="ValidBytes">Bytes of the sound batches it begins with.</param>
/// <param name="NextOffset">The offset behind the last sound batch.</param>
/// <param name="Fault">What is wrong behind the sound batches, or none.</param>
internal readonly record struct SegmentScan(long FileBytes, long ValidBytes, long NextOffset, RecordBatchFault Fault);
