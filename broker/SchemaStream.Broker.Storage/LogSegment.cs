using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Indexes;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>
/// A run of batches in one file, with the two indexes that find an offset or a time in it. Nothing is opened or read
/// before it is needed.
/// </summary>
internal sealed partial class LogSegment
{
    private readonly ILogDirectory _directory;
    private readonly int _indexIntervalBytes;
    private PositionHints? _hints;
    private long _size;
    private long _bytesSinceIndexEntry;
    private long _largestTimestamp = RecordBatchHeader.NoTimestamp;
    private long _offsetOfLargestTimestamp;
    private long _firstTimestamp = RecordBatchHeader.NoTimestamp;
    private bool _isLoaded;

    private LogSegment(LogFileCache cache, ILogDirectory directory, long baseOffset, LogConfig config, long size, string suffix = "")
    {
        _directory = directory;
        _indexIntervalBytes = config.IndexIntervalBytes;
        _size = size;
        BaseOffset = baseOffset;
        _offsetOfLargestTimestamp = baseOffset;
        Log = new LogFileHandle(cache, directory, LogFileNames.For(baseOffset, LogFileNames.LogSuffix) + suffix);
        OffsetIndex = new OffsetIndex(
            new LogFileHandle(cache, directory, LogFileNames.For(baseOffset, LogFileNames.OffsetIndexSuffix) + suffix),
            baseOffset,
            config.SegmentIndexBytes);
        TimeIndex = new TimeIndex(
            new LogFileHandle(cache, directory, LogFileNames.For(baseOffset, LogFileNames.TimeIndexSuffix) + suffix),
            baseOffset,
            config.SegmentIndexBytes);
        TransactionIndex = new TransactionIndex(
            new LogFileHandle(cache, directory, LogFileNames.For(baseOffset, LogFileNames.TransactionIndexSuffix) + suffix));
    }

    public long BaseOffset { get; }

    public LogFileHandle Log { get; }

    public OffsetIndex OffsetIndex { get; }

    public TimeIndex TimeIndex { get; }

    public TransactionIndex TransactionIndex { get; }

    /// <summary>When this process began the segment; for segments without timestamps.</summary>
    public long CreatedMs { get; private init; }

    /// <summary>Whether something was written since the last flush.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Bytes of whole, acknowledged batches; what lies behind them in the file is not part of the log.</summary>
    public long SizeInBytes
    {
        get
        {
            if (_size < 0)
            {
                _size = Log.LengthOnDisk();
            }

            return _size;
        }
    }

    /// <summary>Newest timestamp, or -1 when no record has one.</summary>
    public long LargestTimestamp
    {
        get
        {
            EnsureLoaded();
            return _largestTimestamp;
        }
    }

    /// <summary>An offset in the batch that <see cref="LargestTimestamp"/> is from: its last.</summary>
    public long OffsetOfLargestTimestamp
    {
        get
        {
            EnsureLoaded();
            return _offsetOfLargestTimestamp;
        }
    }

    public bool AreIndexesFull => OffsetIndex.IsFull || TimeIndex.IsFull;

    /// <summary>Begins a new segment; what an abandoned one of the same name left behind is emptied.</summary>
    public static LogSegment Create(
        LogFileCache cache, ILogDirectory directory, long baseOffset, LogConfig config, long nowMs, string suffix = "")
    {
        var segment = new LogSegment(cache, directory, baseOffset, config, size: 0, suffix)
        {
            CreatedMs = nowMs,
            _isLoaded = true,
            _tailIsSound = true,
            _nextOffsetOfTail = baseOffset,
        };
        // An empty file that stays empty needs no sync, its name does: the directory's owner sees to that.
        segment.IsDirty = segment.Log.LengthOnDisk() > 0;

        // The files have to exist from now on: an empty active segment is what keeps the log end offset.
        segment.Log.Truncate(0);
        segment.OffsetIndex.Reset();
        segment.TimeIndex.Reset();
        segment.TransactionIndex.Reset();
        return segment;
    }

    public static LogSegment Existing(
        LogFileCache cache, ILogDirectory directory, long baseOffset, LogConfig config, long nowMs) =>
        new(cache, directory, baseOffset, config, size: -1) { CreatedMs = nowMs };

    /// <summary>Writes whole batches behind the last one with a single write, then notes them in the indexes.</summary>
    public void Append(ReadOnlySpan<byte> batches)
    {
        var position = SizeInBytes;
        IsDirty = true;
        Log.Write(position, batches);
        while (!batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            NoteBatch(header, position);
            position += header.SizeInBytes;
            batches = batches[(int)header.SizeInBytes..];
        }

        _size = position;
    }

    /// <summary>Takes back what a failed append may have left in the files.</summary>
    public void CutBack(long nextOffset)
    {
        Log.Truncate(SizeInBytes);
        TruncateIndexes(SizeInBytes, nextOffset);
        LoadTail();
    }

    /// <summary>Writes so many bytes behind the end and takes them back: whether the disk has room for them.</summary>
    /// <exception cref="LogStorageException">It has not; some of the bytes may be in the file.</exception>
    public void Probe(int length)
    {
        Span<byte> zeros = stackalloc byte[4096];
        zeros.Clear();
        for (var written = 0; written < length; written += zeros.Length)
        {
            Log.Write(SizeInBytes + written, zeros[..Math.Min(zeros.Length, length - written)]);
        }

        Log.Truncate(SizeInBytes);
    }

    /// <summary>How long the segment has been written to, by timestamps where there are any.</summary>
    public long AgeMs(long nowMs, long newestTimestamp)
    {
        var first = TimestampOfFirstBatch();
        return first >= 0 && newestTimestamp >= 0 ? newestTimestamp - first : nowMs - CreatedMs;
    }

    /// <summary>No more is appended: the time index gets the entry that tells the newest timestamp of all.</summary>
    public void Seal()
    {
        TimeIndex.AppendIfNewer(LargestTimestamp, OffsetOfLargestTimestamp);
        WritePendingIndexEntries();
    }

    /// <summary>Opens what has to be synced for the segment to survive a loss of power, and takes it for synced.</summary>
    public void AcquireDirtyFiles(List<OpenLogFile> files)
    {
        if (!IsDirty)
        {
            return;
        }

        WritePendingIndexEntries();
        files.Add(Log.Acquire());
        if (OffsetIndex.IsDirty)
        {
            files.Add(OffsetIndex.Handle.Acquire());
        }

        if (TimeIndex.IsDirty)
        {
            files.Add(TimeIndex.Handle.Acquire());
        }

        if (TransactionIndex.IsDirty)
        {
            files.Add(TransactionIndex.Handle.Acquire());
        }

        (IsDirty, OffsetIndex.IsDirty, TimeIndex.IsDirty, TransactionIndex.IsDirty) = (false, false, false, false);
    }

    /// <summary>Opens the log alone to be synced; the segment goes on to count as dirty, for its indexes' sake.</summary>
    public void AcquireDirtyLog(List<OpenLogFile> files)
    {
        if (IsDirty)
        {
            files.Add(Log.Acquire());
        }
    }

    public void MarkDirty() =>
        (IsDirty, OffsetIndex.IsDirty, TimeIndex.IsDirty, TransactionIndex.IsDirty) = (true, true, true, TransactionIndex.Count > 0);

    public void WritePendingIndexEntries()
    {
        OffsetIndex.WritePending();
        TimeIndex.WritePending();
        TransactionIndex.WritePending();
    }

    /// <summary>Cuts the file at a batch border; returns the offset behind the last batch that is left.</summary>
    public long Truncate(long position, long nextOffset)
    {
        EnsureLoaded();
        IsDirty = true;
        Log.Truncate(position);
        _size = position;
        TruncateIndexes(position, nextOffset);
        if (position == 0)
        {
            _firstTimestamp = RecordBatchHeader.NoTimestamp;
        }

        LoadTail();
        return _nextOffsetOfTail;
    }

    public void Close()
    {
        foreach (var handle in Handles())
        {
            handle.Close();
        }
    }

    public void Delete()
    {
        foreach (var handle in Handles())
        {
            handle.Delete();
        }
    }

    /// <summary>Takes the files out of the log at once; returns the names under which they wait to be deleted.</summary>
    public IEnumerable<string> RenameToDeleted()
    {
        // The log first: an index without a log is only litter, a log without its index is still a segment.
        foreach (var handle in Handles())
        {
            handle.Retire();
            handle.Rename(handle.Name + LogFileNames.DeletedSuffix);
            yield return handle.Name;
        }
    }

    /// <summary>Gives the files another suffix, the log last: a log by that name means that the others have theirs.</summary>
    public void ReplaceSuffix(string suffix, string newSuffix)
    {
        foreach (var handle in Handles().Reverse())
        {
            handle.Rename(handle.Name[..^suffix.Length] + newSuffix);
        }
    }

    private IEnumerable<LogFileHandle> Handles() => [Log, OffsetIndex.Handle, TimeIndex.Handle, TransactionIndex.Handle];

    private void NoteBatch(RecordBatchHeader header, long position)
    {
        if (header.MaxTimestamp > _largestTimestamp)
        {
            _largestTimestamp = header.MaxTimestamp;
            _offsetOfLargestTimestamp = header.LastOffset;
        }

        if (position == 0)
        {
            _firstTimestamp = header.MaxTimestamp;
        }

        if (_bytesSinceIndexEntry > _indexIntervalBytes)
        {
            OffsetIndex.Append(header.LastOffset, position);
            TimeIndex.AppendIfNewer(_largestTimestamp, _offsetOfLargestTimestamp);
            _bytesSinceIndexEntry = 0;
        }

        _bytesSinceIndexEntry += header.SizeInBytes;
    }

    private void TruncateIndexes(long position, long nextOffset)
    {
        _hints?.Clear();
        OffsetIndex.TruncateToPosition(position);
        TimeIndex.TruncateToOffset(nextOffset);
        TransactionIndex.TruncateToOffset(nextOffset);
    }

    /// <summary>Newest timestamp of the first batch; -1 when it has none, or there is no batch.</summary>
    public long TimestampOfFirstBatch()
    {
        if (_firstTimestamp < 0 && SizeInBytes > 0)
        {
            var open = Log.Acquire();
            try
            {
                using var cursor = new BatchCursor(open.File, 0, SizeInBytes, RecordBatchHeader.Size);
                _firstTimestamp = cursor.MoveNext() ? cursor.Header.MaxTimestamp : RecordBatchHeader.NoTimestamp;
            }
            finally
            {
                open.Release();
            }
        }

        return _firstTimestamp;
    }
}
