using System.Buffers;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// One compaction of one log, beside the lane that owns it: <see cref="BuildMap"/>, then <see cref="CleanNext"/> until
/// there is nothing left, each result handed to <see cref="PartitionLog.TrySwap"/> on the lane. Both go in steps that say
/// how many bytes they read and wrote, so that whoever runs them may take breaks. Dispose it, whatever became of it.
/// </summary>
public sealed class CleaningRun : IDisposable
{
    private readonly CompactionPlan _plan;
    private readonly ILogDirectory _directory;
    private readonly LogFileCache _cache;
    private readonly CleanerLimits _limits;
    private readonly RecordCodecs _codecs;
    private readonly long _nowMs;
    private readonly OffsetMap _map;
    private readonly TransactionSurvey _survey = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private Queue<CompactionSource> _pending = new();
    private byte[] _endOfSource = [];
    private byte[] _buffer = [];
    private BatchFilter? _filter;
    private CompactionSource? _reading;
    private LogSegment? _unfinished;

    internal CleaningRun(
        CompactionPlan plan, ILogDirectory directory, LogFileCache cache, CleanerLimits limits, RecordCodecs codecs, long nowMs)
    {
        _plan = plan;
        _directory = directory;
        _cache = cache;
        _limits = limits;
        _codecs = codecs;
        _nowMs = nowMs;
        _map = new OffsetMap(limits.DedupeBufferBytes, limits.DedupeLoadFactor);
        EndOffset = plan.Need.FirstUncleanableOffset;
    }

    /// <summary>Where the next compaction begins: the first offset that this one does not weigh.</summary>
    public long EndOffset { get; private set; }

    public long BytesRead { get; private set; }

    public long BytesWritten { get; private set; }

    public long RecordsRead => _filter?.RecordsRead ?? 0;

    public long RecordsKept => _filter?.RecordsKept ?? 0;

    /// <summary>What <see cref="CleanNext"/> made; not yet part of the log.</summary>
    public CleanedSegment? Cleaned { get; private set; }

    /// <summary>
    /// Whether retention or a truncation took what is being read: why reading it failed, if it did. What is left of the log
    /// is to be planned anew.
    /// </summary>
    public bool IsOutdated => _reading is { IsGone: true };

    /// <summary>Reads the dirty part of the log: how its transactions ended, then the newest offset of each key.</summary>
    public IEnumerable<int> BuildMap()
    {
        var dirty = _plan.Sources.Where(source => source.NextOffset > _plan.Need.FirstDirtyOffset).ToList();
        foreach (var bytes in dirty.SelectMany(source => Walk(source, (batch, _) => Survey(batch))))
        {
            yield return bytes;
        }

        if (_survey.FirstUnresolvedOffset is { } unresolved && unresolved < EndOffset)
        {
            // How it ends is not known below the bound: neither its records nor any behind them are weighed yet.
            EndOffset = unresolved;
        }

        foreach (var bytes in dirty.TakeWhile(source => source.BaseOffset < EndOffset).SelectMany(source => Walk(source, MapBatch)))
        {
            yield return bytes;
        }

        _filter = new BatchFilter(
            _plan, _map, _survey, _codecs, _limits.MaxDecompressedBytes, EndOffset, _nowMs);
        if (EndOffset > _plan.Need.FirstDirtyOffset)
        {
            _pending = new Queue<CompactionSource>(_plan.Sources.TakeWhile(source => source.BaseOffset < EndOffset));
        }
    }

    /// <summary>Writes the next cleaned segment; afterwards it is <see cref="Cleaned"/>, or that is null when all are done.</summary>
    public IEnumerable<int> CleanNext()
    {
        Cleaned = null;
        if (!_pending.TryPeek(out var first))
        {
            yield break;
        }

        var filter = _filter!;
        filter.HasChanged = false;
        var segment = LogSegment.Create(
            _cache, _directory, first.BaseOffset, _plan.Config, _nowMs, LogFileNames.CleanedSuffix);
        _unfinished = segment;
        var group = new List<CompactionSource>();
        while (_pending.TryPeek(out var next) && (group.Count == 0 || Fits(segment, next)))
        {
            var source = _pending.Dequeue();
            group.Add(source);
            var aborted = new AbortedCarry([source]);
            foreach (var bytes in Walk(source, Filter))
            {
                yield return bytes + _output.WrittenCount;
                aborted.Carry(_output.WrittenSpan, segment);
                AppendOutput(segment);
            }
        }

        if (_endOfSource.Length > 0)
        {
            // So that it can be seen where the segment ends, though its last records are gone.
            BatchFilter.WriteEmpty(_endOfSource, _output);
            AppendOutput(segment);
        }

        segment.Seal();
        Sync(segment);
        Cleaned = new CleanedSegment(segment, group) { IsUnchanged = group.Count == 1 && !filter.HasChanged };
    }

    /// <summary>The segment is the log's now, or is not wanted.</summary>
    public void Swapped() => (_unfinished, Cleaned) = (null, null);

    /// <summary>Takes away what is no part of the log.</summary>
    public void Dispose()
    {
        var unfinished = _unfinished;
        Swapped();
        unfinished?.Delete();
    }

    private static void Sync(LogSegment segment)
    {
        var files = new List<OpenLogFile>();
        try
        {
            segment.AcquireDirtyFiles(files);
            files.ForEach(file => file.File.Flush());
        }
        finally
        {
            files.ForEach(file => file.Release());
        }
    }

    private delegate void BatchVisitor(ReadOnlySpan<byte> batch, bool isLast);

    private void Survey(ReadOnlySpan<byte> batch) => _survey.Note(batch);

    private void MapBatch(ReadOnlySpan<byte> batch, bool isLast)
    {
        var header = new RecordBatchHeader(batch);
        if (header.BaseOffset >= EndOffset || header.LastOffset < _plan.Need.FirstDirtyOffset
            || header.IsControlBatch || _survey.IsAborted(header))
        {
            return;
        }

        var bytes = batch[RecordBatchHeader.Size..];
        if (header.Compression != CompressionType.None)
        {
            _output.ResetWrittenCount();
            _codecs.Decompress(header.Compression, bytes, _output, _limits.MaxDecompressedBytes);
            bytes = _output.WrittenSpan;
        }

        var records = new RawRecords(bytes, header.RecordCount);
        while (records.MoveNext())
        {
            var offset = header.BaseOffset + records.OffsetDelta;
            if (records.HasKey && offset >= _plan.Need.FirstDirtyOffset && offset < EndOffset && !_map.TryPut(records.Key, offset))
            {
                // The map is full: what comes from here on waits for the next round.
                EndOffset = offset;
            }
        }

        _output.ResetWrittenCount();
    }

    /// <summary>Reads a segment chunk by chunk, hands each batch over, and says after each chunk how many bytes it was.</summary>
    private IEnumerable<int> Walk(CompactionSource source, BatchVisitor visit)
    {
        if (_buffer.Length == 0)
        {
            _buffer = new byte[_limits.IoBufferBytes];
        }

        _reading = source;
        for (long position = 0; position < source.SizeInBytes;)
        {
            var consumed = WalkChunk(source, position, visit);
            position += consumed;
            BytesRead += consumed;
            yield return consumed;
        }

        _reading = null;
    }

    private int WalkChunk(CompactionSource source, long position, BatchVisitor visit)
    {
        var length = (int)Math.Min(_buffer.Length, source.SizeInBytes - position);
        if (source.Segment.Log.Read(position, _buffer.AsSpan(0, length)) != length)
        {
            throw new LogStorageException("read", source.Segment.Log.Path, $"it ends before {position + length}");
        }

        var consumed = 0;
        while (consumed < length)
        {
            var rest = _buffer.AsSpan(consumed, length - consumed);
            var fault = RecordBatches.Validate(rest, out var size);
            if (fault == RecordBatchFault.Truncated && position + length < source.SizeInBytes)
            {
                if (consumed == 0)
                {
                    Grow(rest, source.SizeInBytes - position);
                    return 0;
                }

                break;
            }

            if (fault != RecordBatchFault.None)
            {
                throw new LogStorageException(
                    "compact", source.Segment.Log.Path, $"{fault.Describe()} (at {position + consumed})");
            }

            consumed += size;
            visit(rest[..size], position + consumed == source.SizeInBytes);
        }

        return consumed;
    }

    /// <summary>One batch is larger than the buffer; or says so, and is no larger than what is left of the segment.</summary>
    private void Grow(ReadOnlySpan<byte> start, long left)
    {
        var needed = start.Length >= RecordBatchHeader.Size
            ? new RecordBatchHeader(start).SizeInBytes
            : 2L * RecordBatchHeader.Size;
        _buffer = new byte[(int)Math.Min(Array.MaxLength, Math.Min(left, Math.Max(needed, _buffer.Length + 1L)))];
    }

    private void Filter(ReadOnlySpan<byte> batch, bool isLast)
    {
        var before = _output.WrittenCount;
        _filter!.Filter(batch, _output);
        if (isLast)
        {
            _endOfSource = _output.WrittenCount == before ? batch[..RecordBatchHeader.Size].ToArray() : [];
        }
    }

    private void AppendOutput(LogSegment segment)
    {
        if (_output.WrittenCount > 0)
        {
            BytesWritten += _output.WrittenCount;
            segment.Append(_output.WrittenSpan);
            _output.ResetWrittenCount();
        }
    }

    /// <summary>
    /// Whether what is left of a further segment goes into the same one, so that compaction does not leave ever smaller ones.
    /// A reader that meets one after the other without a single record may give up.
    /// </summary>
    private bool Fits(LogSegment segment, CompactionSource source)
    {
        var config = _plan.Config;
        return IsWithin(segment.SizeInBytes, source.SizeInBytes, config.SegmentBytes)
            && IsWithin(segment.OffsetIndex.SizeInBytes, source.OffsetIndexBytes, config.SegmentIndexBytes)
            && IsWithin(segment.TimeIndex.SizeInBytes, source.TimeIndexBytes, config.SegmentIndexBytes)
            && source.NextOffset - 1 - segment.BaseOffset <= int.MaxValue;
    }

    /// <summary>While it is not half full, a segment may get up to half too large by what may all have to stay.</summary>
    private static bool IsWithin(long present, long added, int limit) =>
        present + added <= limit || (present <= limit / 2 && present + added <= Math.Min(int.MaxValue, 3L * limit / 2));
}
