using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Producers;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>What a log consists of once it is loaded.</summary>
internal sealed record LoadedLog(
    SegmentList Segments,
    LeaderEpochCache Epochs,
    ProducerStateTable Producers,
    bool HasAborted,
    ProducerSnapshots Snapshots,
    long LogStartOffset,
    long LogEndOffset,
    bool IsNew,
    RecoveryReport Report);

/// <summary>
/// Makes a log of what is in a directory. After a clean stop that is little more than listing it; after an unclean one
/// every batch from the recovery point on is checked, and the log ends where the first of them is not sound.
/// </summary>
internal sealed class LogLoader(
    ILogDirectory directory, LogFileCache cache, LogConfig config, LogOpenOptions options, long nowMs)
{
    private readonly SegmentList _segments = new();
    private readonly ProducerStateTable _producers = new();
    private readonly ProducerSnapshots _snapshots = new(directory);
    private readonly List<string> _notes = [];
    private LeaderEpochCache _epochs = LeaderEpochCache.Empty(directory);
    private int _segmentsScanned;
    private long _bytesScanned;
    private long _truncatedBytes;
    private long? _truncatedAtOffset;
    private RecordBatchFault _fault;
    private int _segmentsDeleted;
    private long _scannedFrom = long.MaxValue;
    private bool _hasAborted;

    public LoadedLog Load()
    {
        ListFiles();
        var epochs = LeaderEpochCache.TryLoad(directory);
        _epochs = epochs ?? _epochs;
        var isNew = _segments.Count == 0;
        if (isNew)
        {
            _segments.Add(LogSegment.Create(cache, directory, options.LogStartOffset, config, nowMs));
        }
        else if (options.Unclean)
        {
            Recover();
        }

        var logEndOffset = FindLogEndOffset();
        var logStartOffset = Math.Max(options.LogStartOffset, _segments.First.BaseOffset);
        if (logStartOffset > logEndOffset)
        {
            // The cut went below what had been given up already: nothing of this log is worth keeping.
            _notes.Add($"The log ended at {logEndOffset}, before its start offset {logStartOffset}: it begins there anew.");
            DeleteSegmentsFrom(0);
            _snapshots.DeleteAll();
            _segments.Add(LogSegment.Create(cache, directory, logStartOffset, config, nowMs));
            logEndOffset = logStartOffset;
        }

        if (epochs is null && logEndOffset > _segments.First.BaseOffset)
        {
            _notes.Add($"{LogFileNames.LeaderEpochCheckpoint} was missing or damaged: made anew from the log.");
            ReplayEpochs();
        }

        _epochs.TruncateFromEnd(logEndOffset);
        _epochs.TruncateFromStart(logStartOffset);
        var staleSnapshots = _snapshots.DeleteAbove(logEndOffset);
        if (_truncatedAtOffset is not null || _segmentsDeleted + staleSnapshots > 0)
        {
            // What was cut off here must not come back beside what is written from now on.
            _segments.Active.Log.Flush();
            directory.Sync();
        }

        _hasAborted |= LoadProducers(_segments, _producers, _snapshots, logEndOffset, _scannedFrom);
        _producers.Expire(nowMs, config.ProducerIdExpirationMs);
        return new LoadedLog(
            _segments, _epochs, _producers, _hasAborted, _snapshots, logStartOffset, logEndOffset, isNew, Report());
    }

    /// <summary>The producer table as of the log's end: the newest snapshot and what the log says since.</summary>
    /// <param name="scannedFrom">Segments from here on were scanned: their indexes of aborted transactions are made anew.</param>
    /// <returns>Whether an index of aborted transactions got an entry.</returns>
    public static bool LoadProducers(
        SegmentList segments,
        ProducerStateTable producers,
        ProducerSnapshots snapshots,
        long logEndOffset,
        long scannedFrom = long.MaxValue)
    {
        // Aborted transactions are learnt with their beginnings: the replay begins where the scan did, or before that.
        snapshots.DeleteAbove(Math.Min(logEndOffset, scannedFrom));

        // From before the log's start too, where that is still on disk: what was written there has been acknowledged.
        var from = snapshots.LoadLatest(producers);
        if (from < segments.First.BaseOffset)
        {
            // What producers wrote between is gone: to know their sequences of before would refuse the ones that come next.
            producers.Clear();
            from = segments.First.BaseOffset;
        }

        if (from >= logEndOffset)
        {
            return false;
        }

        var hasAborted = false;
        for (var i = segments.FloorIndex(from); i < segments.Count; i++)
        {
            var segment = segments[i];
            segment.ForEachBatch(Math.Max(from, segment.BaseOffset), (header, marker) =>
            {
                if (header.LastOffset >= from
                    && producers.Replay(header, marker) is { } aborted
                    && segment.BaseOffset >= scannedFrom)
                {
                    segment.TransactionIndex.Append(aborted);
                    hasAborted = true;
                }
            });
        }

        return hasAborted;
    }

    private void ListFiles()
    {
        SegmentSwaps.Complete(directory, _notes);
        var bases = new List<long>();
        var indexes = new List<(string Name, long BaseOffset)>();
        foreach (var name in directory.ListFiles())
        {
            if (LogFileNames.TryParse(name, LogFileNames.LogSuffix, out var baseOffset))
            {
                bases.Add(baseOffset);
            }
            else if (LogFileNames.TryParse(name, LogFileNames.ProducerSnapshotSuffix, out var snapshotOffset))
            {
                _snapshots.Found(snapshotOffset);
            }
            else if (LogFileNames.TryParse(name, LogFileNames.OffsetIndexSuffix, out var indexOffset)
                || LogFileNames.TryParse(name, LogFileNames.TimeIndexSuffix, out indexOffset)
                || LogFileNames.TryParse(name, LogFileNames.TransactionIndexSuffix, out indexOffset))
            {
                _hasAborted |= name.EndsWith(LogFileNames.TransactionIndexSuffix, StringComparison.Ordinal);
                indexes.Add((name, indexOffset));
            }
            else if (name.EndsWith(LogFileNames.DeletedSuffix, StringComparison.Ordinal)
                || name.EndsWith(LogFileNames.CleanedSuffix, StringComparison.Ordinal)
                || name.EndsWith(".tmp", StringComparison.Ordinal))
            {
                directory.Delete(name);
            }
        }

        bases.Sort();
        // A crash amid a deletion leaves indexes of a segment that is gone.
        foreach (var (name, _) in indexes.Where(index => bases.BinarySearch(index.BaseOffset) < 0))
        {
            directory.Delete(name);
        }

        foreach (var baseOffset in bases)
        {
            _segments.Add(LogSegment.Existing(cache, directory, baseOffset, config, nowMs));
        }
    }

    private void Recover()
    {
        // The segment before the recovery point too, where that lies on a border: a truncation to just there may not have
        // been synced, and what it took would come back under the segments that were written since.
        var first = _segments.FloorIndex(options.RecoveryPoint - 1);

        // What is known of epochs may be older than the log: the log says what is there.
        _epochs.ForgetFrom(_segments[first].BaseOffset);
        _scannedFrom = _segments[first].BaseOffset;
        for (var i = first; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var scan = segment.Scan(header =>
                _epochs.AssignWithoutSaving(header.PartitionLeaderEpoch, header.BaseOffset));
            _segmentsScanned++;
            _bytesScanned += scan.FileBytes;
            if (scan.Fault == RecordBatchFault.None && IsFollowed(i, scan.NextOffset))
            {
                segment.WritePendingIndexEntries();
                continue;
            }

            _fault = scan.Fault;
            _truncatedAtOffset = scan.NextOffset;
            _truncatedBytes += scan.FileBytes - scan.ValidBytes;
            segment.CutBack(scan.NextOffset);
            segment.WritePendingIndexEntries();
            DeleteSegmentsFrom(i + 1);
        }

        _epochs.Save();
    }

    /// <summary>
    /// Whether the next segment, if there is one, goes on where this one ends. A gap is what a loss of power took, and what is
    /// behind it has to go too: a replica that lacks records in its middle would never be sent them. Only below the recovery
    /// point, where nothing can be lost, it is a compaction's: Kafka's leaves gaps at the ends of segments, ours does not.
    /// </summary>
    private bool IsFollowed(int index, long nextOffset) =>
        index == _segments.Count - 1
        || _segments[index + 1].BaseOffset == nextOffset
        || (_segments[index + 1].BaseOffset > nextOffset
            && _segments[index + 1].BaseOffset <= options.RecoveryPoint
            && (config.CleanupPolicy & CleanupPolicy.Compact) != 0);

    private long FindLogEndOffset()
    {
        if (_segments.Active.ReadNextOffset() is { } nextOffset)
        {
            NoteRebuiltIndexes();
            return nextOffset;
        }

        // Closed properly, it is said, and yet torn: then this segment is checked as after a crash.
        var segment = _segments.Active;
        _scannedFrom = Math.Min(_scannedFrom, segment.BaseOffset);
        var scan = segment.Scan(header => _epochs.AssignWithoutSaving(header.PartitionLeaderEpoch, header.BaseOffset));
        _segmentsScanned++;
        _bytesScanned += scan.FileBytes;
        _fault = scan.Fault;
        _truncatedAtOffset = scan.NextOffset;
        _truncatedBytes += scan.FileBytes - scan.ValidBytes;
        segment.CutBack(scan.NextOffset);
        segment.WritePendingIndexEntries();
        return scan.NextOffset;
    }

    private void NoteRebuiltIndexes()
    {
        if (!options.Unclean && _segments.Active.AreIndexesRebuilt)
        {
            _notes.Add($"The indexes of {_segments.Active.Log.Name} were missing or damaged: made anew from the log.");
        }
    }

    private void DeleteSegmentsFrom(int index)
    {
        foreach (var segment in _segments.RemoveFrom(index))
        {
            _segmentsDeleted++;
            _truncatedBytes += segment.Log.LengthOnDisk();
            segment.Delete();
        }
    }

    private void ReplayEpochs()
    {
        // From the first: an epoch that a part of the log told already would not be taken for an earlier part.
        _epochs.ForgetFrom(long.MinValue);
        for (var i = 0; i < _segments.Count; i++)
        {
            _segments[i].ForEachBatch(
                _segments[i].BaseOffset,
                header => _epochs.AssignWithoutSaving(header.PartitionLeaderEpoch, header.BaseOffset));
        }

        _epochs.Save();
    }

    private RecoveryReport Report() => new(
        directory.Path,
        options.Unclean,
        _segmentsScanned,
        _bytesScanned,
        _truncatedBytes,
        _truncatedAtOffset,
        _fault,
        _segmentsDeleted,
        _notes);
}
