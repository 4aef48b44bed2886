using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Producers;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Storage;

/// <summary>
/// The log of one partition: appends, reads, truncation and retention over segments in Kafka's own layout.
/// Everything here runs on the lane that owns the partition; only <see cref="LogSlice"/>, <see cref="FlushPlan"/> and
/// <see cref="RetentionResult"/> leave it.
/// </summary>
public sealed partial class PartitionLog : IDisposable
{
    private readonly ILogDirectory _directory;
    private readonly LogFileCache _cache;
    private readonly SegmentList _segments;
    private readonly LeaderEpochCache _epochs;
    private readonly ProducerStateTable _producers;
    private readonly ProducerSnapshots _snapshots;
    private readonly Action<long>? _movesBack;
    private long _newestRecoveryPoint;
    private int _truncations;
    private FlushPlan? _lastFlush;
    private bool _isClosed;
    private bool _needsReopening;
    private bool _isOwnerDirty;
    private bool _hasNewNames;
    private bool _hasAborted;

    private PartitionLog(
        ILogDirectory directory,
        LogFileCache cache,
        LogConfig config,
        LogOpenOptions options,
        LoadedLog loaded,
        Action<long>? movesBack)
    {
        _directory = directory;
        _cache = cache;
        _segments = loaded.Segments;
        _epochs = loaded.Epochs;
        _producers = loaded.Producers;
        _hasAborted = loaded.HasAborted;
        _snapshots = loaded.Snapshots;
        _movesBack = movesBack;
        Config = config;
        LogStartOffset = loaded.LogStartOffset;
        LogEndOffset = loaded.LogEndOffset;
        CheckpointedHighWatermark = Math.Clamp(options.HighWatermark, LogStartOffset, LogEndOffset);
        // What an unclean stop left was read and found sound, but only the next flush makes sure that it stays.
        RecoveryPoint = options.Unclean ? Math.Min(options.RecoveryPoint, LogEndOffset) : LogEndOffset;
        _newestRecoveryPoint = Math.Max(options.RecoveryPoint, RecoveryPoint);
        HasUnflushedFullSegment = RecoveryPoint < ActiveSegmentBaseOffset;
        Recovery = loaded.Report;

        // What was closed properly is on the disk: a log that nothing happens to is closed again without a look at it.
        _isOwnerDirty = _hasNewNames = loaded.IsNew || options.Unclean || loaded.Report.HasFindings;
    }

    /// <summary>Name of the directory: <c>topic-partition</c>.</summary>
    public string Name => _directory.Name;

    public string Path => _directory.Path;

    public LogConfig Config { get; private set; }

    /// <summary>What was found when the log was opened.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset { get; private set; }

    /// <summary>Offset that the next record gets.</summary>
    public long LogEndOffset { get; private set; }

    /// <summary>Records before this offset survive a loss of power.</summary>
    public long RecoveryPoint { get; private set; }

    /// <summary>The high watermark that was known when the log was opened; never beyond what the log has.</summary>
    public long CheckpointedHighWatermark { get; }

    /// <summary>Epoch of the newest record; -1 when the log never had one.</summary>
    public int LatestEpoch => _epochs.LatestEpoch;

    public int SegmentCount => _segments.Count;

    public long ActiveSegmentBaseOffset => _segments.Active.BaseOffset;

    /// <summary>Whether a crash would have more than the active segment read through. Any thread may look, and may be late.</summary>
    public bool HasUnflushedFullSegment { get; private set; }

    /// <summary>Why the log takes no more appends; null when all is well.</summary>
    public LogStorageException? Failure { get; private set; }

    public bool IsOffline => Failure is not null;

    /// <summary>Whether only opening it anew, as after an unclean stop, brings the log back once it is offline.</summary>
    public bool NeedsReopening => _needsReopening;

    public long SizeInBytes
    {
        get
        {
            long size = 0;
            for (var i = 0; i < _segments.Count; i++)
            {
                size += _segments[i].SizeInBytes;
            }

            return size;
        }
    }

    /// <summary>Bytes of the batches from the one that holds an offset on.</summary>
    public long SizeInBytesFrom(long offset)
    {
        if (offset >= LogEndOffset)
        {
            return 0;
        }

        long size = 0;
        for (var i = _segments.FloorIndex(offset); i < _segments.Count; i++)
        {
            size += _segments[i].SizeInBytes - (_segments[i].BaseOffset < offset ? _segments[i].FindBatch(offset) : 0);
        }

        return size;
    }

    /// <summary>Opens the log in a directory, or begins one there.</summary>
    /// <param name="movesBack">
    /// Called before the log's end goes back to an offset, and before it begins anew at one: what was checkpointed of it
    /// beyond that is wrong then, and will be of other records once it has grown again.
    /// </param>
    public static PartitionLog Open(
        ILogDirectory directory,
        LogConfig config,
        LogFileCache cache,
        LogOpenOptions options,
        long nowMs,
        Action<long>? movesBack = null)
    {
        var loaded = new LogLoader(directory, cache, config, options, nowMs).Load();
        return new PartitionLog(directory, cache, config, options, loaded, movesBack);
    }

    /// <summary>Takes new configs; segments that exist keep their index sizes.</summary>
    public void UpdateConfig(LogConfig config) => Config = config;

    /// <summary>Begins a new segment, unless the active one is empty.</summary>
    public void Roll(long nowMs)
    {
        Online();
        Guarded(() => RollSegment(nowMs));
    }

    /// <summary>
    /// Gathers what has to be synced. Execute the plan off the lane, then hand it to <see cref="CompleteFlush"/>; if
    /// executing throws, hand the exception to <see cref="TakeOffline"/>.
    /// </summary>
    public FlushPlan BeginFlush(FlushScope scope = FlushScope.Everything)
    {
        Online();
        if (_lastFlush is { IsExecuted: false })
        {
            // Whoever had that plan may have dropped it: what it was to sync is not synced until someone did.
            MarkDirtyFrom(RecoveryPoint);
        }

        _lastFlush = new FlushPlan(_directory, _cache, LogEndOffset, _truncations);
        Guarded(() => FillFlush(_lastFlush, scope));
        return _lastFlush;
    }

    /// <summary>Notes that a plan was executed.</summary>
    public void CompleteFlush(FlushPlan plan)
    {
        Invariant.That(plan.IsExecuted, "a flush is complete only once its plan was executed");
        // What was flushed and then cut off proves nothing about what was written there since.
        if (plan.Truncations == _truncations)
        {
            RecoveryPoint = Math.Max(RecoveryPoint, plan.Offset);
            _newestRecoveryPoint = Math.Max(_newestRecoveryPoint, RecoveryPoint);
            HasUnflushedFullSegment = RecoveryPoint < ActiveSegmentBaseOffset;
        }
    }

    /// <summary>Syncs everything here and now; for closing, tests, and callers that may block.</summary>
    public void Flush() => Flush(FlushScope.Everything);

    public void Flush(FlushScope scope)
    {
        using var plan = BeginFlush(scope);
        Guarded(plan.Execute);
        CompleteFlush(plan);
    }

    /// <summary>Refuses appends until the log is opened anew. Reads of what is there go on.</summary>
    public void TakeOffline(LogStorageException failure)
    {
        Failure ??= failure;
        _needsReopening = true;
    }

    /// <summary>
    /// Writes the producers' snapshot, syncs and lets go of all files: the log may be opened as cleanly stopped after this.
    /// </summary>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        Online();
        if (_snapshots.Latest != LogEndOffset && LogEndOffset > _segments.First.BaseOffset)
        {
            Guarded(() => _snapshots.Take(LogEndOffset, _producers));
            _hasNewNames = true;
        }

        Flush();
        Dispose();
    }

    /// <summary>Lets go of all files, as a crash would: without <see cref="Close"/> the log was not stopped cleanly.</summary>
    public void Dispose()
    {
        _isClosed = true;
        for (var i = 0; i < _segments.Count; i++)
        {
            _segments[i].Close();
        }
    }

    private void FillFlush(FlushPlan plan, FlushScope scope = FlushScope.Everything)
    {
        try
        {
            if (scope == FlushScope.Records && (_segments.Count == 1 || !_segments[_segments.Count - 2].IsDirty))
            {
                _segments.Active.AcquireDirtyLog(plan.Files);
            }
            else
            {
                for (var i = _segments.Count - 1; i >= 0; i--)
                {
                    _segments[i].AcquireDirtyFiles(plan.Files);
                }
            }

            plan.SyncsDirectory = _hasNewNames || _epochs.IsDirty || _isOwnerDirty;
            _hasNewNames = false;
            if (_epochs.IsDirty)
            {
                plan.Files.Add(
                    new LogFileHandle(_cache, _directory, LogFileNames.LeaderEpochCheckpoint).AcquireUncached());
                _epochs.IsDirty = false;
            }

            if (_isOwnerDirty && _directory.Exists(LogFileNames.PartitionMetadata))
            {
                // Whoever made the directory wrote into it whose it is, and did not wait for the disk.
                plan.Files.Add(new LogFileHandle(_cache, _directory, LogFileNames.PartitionMetadata).AcquireUncached());
                _isOwnerDirty = false;
            }
        }
        catch (LogStorageException)
        {
            plan.Dispose();
            throw;
        }
    }

    private void MarkDirtyFrom(long offset)
    {
        // As in recovery: the segment before a border may have been truncated to just there.
        for (var i = _segments.FloorIndex(offset - 1); i < _segments.Count; i++)
        {
            _segments[i].MarkDirty();
        }

        _epochs.IsDirty = _epochs.Count > 0;
        _isOwnerDirty = true;
        _hasNewNames = true;
    }

    private void RollSegment(long nowMs)
    {
        var active = _segments.Active;
        if (active.SizeInBytes == 0 && active.BaseOffset == LogEndOffset)
        {
            return;
        }

        active.Seal();
        _snapshots.Take(LogEndOffset, _producers);
        if (LogEndOffset < _newestRecoveryPoint)
        {
            // After a truncation the checkpoint on disk may still vouch for what is written here now, and after a crash
            // only the last segment before it would be checked.
            Flush();
        }

        // Also where a flush has just been: the new segment's name is younger.
        _hasNewNames = true;
        _segments.Add(LogSegment.Create(_cache, _directory, LogEndOffset, Config, nowMs));
        HasUnflushedFullSegment = RecoveryPoint < LogEndOffset;
    }

    private void Online()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (Failure is not null)
        {
            throw new LogStorageException($"The log {Path} is offline: {Failure.Message}", Failure);
        }
    }

    /// <summary>Does something to the disk; if the disk fails, the log is offline before anyone hears of it.</summary>
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (LogStorageException e)
        {
            TakeOffline(e);
            throw;
        }
    }
}
