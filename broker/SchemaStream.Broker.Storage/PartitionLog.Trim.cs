namespace SchemaStream.Broker.Storage;

/// <summary>Taking records off either end.</summary>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Cuts the log's end so that <see cref="LogEndOffset"/> is at most <paramref name="offset"/>. A batch that would have
    /// to be cut in two goes as a whole; where compaction left a gap, the log ends before it. What was cut off does not
    /// come back, whatever happens to the machine from then on.
    /// </summary>
    public void TruncateTo(long offset)
    {
        Online();
        if (offset >= LogEndOffset)
        {
            // An epoch that began and wrote nothing is not one of this log's.
            Guarded(ForgetEmptyEpochs);
            return;
        }

        if (offset <= LogStartOffset)
        {
            TruncateFullyAndStartAt(offset);
            return;
        }

        Guarded(() =>
        {
            _movesBack?.Invoke(offset);
            CutEnd(offset);
            if (LogEndOffset < LogStartOffset)
            {
                // The log start lay inside the batch that went: nothing readable is left.
                TruncateFullyAndStartAt(LogStartOffset);
                return;
            }

            if (!PlantedBug.KeepProducersOfTruncatedBatches)
            {
                LogLoader.LoadProducers(_segments, _producers, _snapshots, LogEndOffset);
            }
        });
    }

    /// <summary>Drops every record; the log is empty then and begins at <paramref name="offset"/>.</summary>
    public void TruncateFullyAndStartAt(long offset)
    {
        Online();
        Guarded(() =>
        {
            // By the start that was checkpointed, a crash would take what is written from here on.
            _movesBack?.Invoke(offset);
            _truncations++;
            _hasNewNames = true;
            foreach (var segment in _segments.RemoveFrom(0))
            {
                segment.Delete();
            }

            _snapshots.DeleteAll();

            // Or a loss of power could bring segments back, in front of the new one.
            _directory.Sync();
            _segments.Add(LogSegment.Create(_cache, _directory, offset, Config, nowMs: 0));
            LogStartOffset = offset;
            SetEnd(offset);
            _epochs.Clear();
            _producers.Clear();
        });
    }

    /// <summary>
    /// Hides records before an offset (DeleteRecords); whole segments before it go with the next retention. Never goes
    /// back. The caller keeps it at or below the high watermark.
    /// </summary>
    public bool AdvanceLogStartOffset(long offset)
    {
        Online();
        if (offset <= LogStartOffset || offset > LogEndOffset)
        {
            return false;
        }

        MoveStart(offset);
        return true;
    }

    /// <summary>Takes out the oldest segments as far as the policy says, and those before the log start offset.</summary>
    /// <param name="highWatermark">Segments that reach beyond it stay (exclusive bound).</param>
    public RetentionResult ApplyRetention(RetentionPolicy policy, long nowMs, long highWatermark)
    {
        Online();
        var result = new RetentionResult(_directory);
        Guarded(() =>
        {
            var count = CountDeletable(policy, nowMs, highWatermark);
            if (count == 0)
            {
                return;
            }

            if (count == _segments.Count)
            {
                // Even the active segment has expired: an empty one takes its place and keeps the offsets.
                RollSegment(nowMs);
            }

            _hasNewNames = true;
            foreach (var segment in _segments.RemoveFirst(count))
            {
                result.Add(segment);
            }

            LogStartOffset = Math.Max(LogStartOffset, _segments.First.BaseOffset);
            _epochs.TruncateFromStart(LogStartOffset);
            _snapshots.DeleteBelow(_segments.First.BaseOffset);
        });
        return result;
    }

    // Apart from the check whether there is anything to do, which is made with every append: a closure costs memory even
    // where it is not reached.
    private void MoveStart(long offset)
    {
        LogStartOffset = offset;
        Guarded(() => _epochs.TruncateFromStart(offset));
    }

    private int CountDeletable(RetentionPolicy policy, long nowMs, long highWatermark)
    {
        var surplusBytes = policy.RetentionBytes >= 0 ? SizeInBytes - policy.RetentionBytes : 0;
        var count = 0;
        while (count < _segments.Count)
        {
            var segment = _segments[count];
            var isActive = count == _segments.Count - 1;
            var endOffset = EndOffsetOf(count);
            if (endOffset > highWatermark || (isActive && segment.SizeInBytes == 0))
            {
                break;
            }

            var isExpired = policy.IsExpired(NewestTimestamp(segment), nowMs);
            var isSurplus = policy.RetentionBytes >= 0 && surplusBytes >= segment.SizeInBytes;
            var isBeforeStart = !isActive && endOffset <= LogStartOffset;
            if (!isExpired && !isSurplus && !isBeforeStart)
            {
                break;
            }

            surplusBytes -= segment.SizeInBytes;
            count++;
        }

        return count;
    }

    private long NewestTimestamp(LogSegment segment) =>
        segment.LargestTimestamp >= 0 ? segment.LargestTimestamp : _directory.LastWriteMs(segment.Log.Name);

    private void CutEnd(long offset)
    {
        _truncations++;
        _hasNewNames = true;
        var cut = _segments.RemoveFrom(_segments.FloorIndex(offset) + 1);

        // What is kept goes to the disk first: names are synced below, and a name must not outlast its content.
        SyncFiles();

        // Newest first, and for good, before the segment that is left is cut: a crash in between leaves a log without a hole.
        foreach (var segment in cut)
        {
            segment.Delete();
        }

        if (_snapshots.DeleteAbove(offset) + cut.Count > 0)
        {
            _directory.Sync();
        }

        var active = _segments.Active;
        SetEnd(active.Truncate(active.FindBatch(offset), offset));
        SyncFiles();
    }

    private void ForgetEmptyEpochs() => _epochs.TruncateFromEnd(LogEndOffset);

    private void SyncFiles()
    {
        if (_lastFlush is { IsExecuted: false })
        {
            // It took what was to be synced, and may not have got to it yet.
            MarkDirtyFrom(RecoveryPoint);
        }

        using var plan = new FlushPlan(_directory, _cache, LogEndOffset, _truncations);
        FillFlush(plan);
        plan.Execute();
    }

    private void SetEnd(long offset)
    {
        LogEndOffset = offset;
        RecoveryPoint = Math.Min(RecoveryPoint, offset);
        _epochs.TruncateFromEnd(offset);
    }
}
