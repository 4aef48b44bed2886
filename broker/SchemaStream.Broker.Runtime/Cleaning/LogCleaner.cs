using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Compression;

namespace SchemaStream.Broker.Runtime.Cleaning;

/// <summary>
/// Compacts the logs of compacted topics, the filthiest first, beside their lanes: a few at a time, within a rate. A log
/// that it cannot clean is left alone and told of; the partition goes on as it is.
/// </summary>
internal sealed partial class LogCleaner : IAsyncDisposable
{
    /// <summary>How long a log rests whose cleaned segments could not be written: the disk may have room again by then.</summary>
    private static readonly TimeSpan WriteFaultRest = TimeSpan.FromMinutes(5);

    private static readonly RecordCodecs s_codecs = new(RecordCompression.Decompress, RecordCompression.Compress);

    private readonly HostedPartitions _partitions;
    private readonly DataDirectory _data;
    private readonly CleanerOptions _options;
    private readonly CleanerLimits _limits;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly IoThrottle _throttle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _choosing = new(1);

    // Under _choosing: what is being cleaned, and what rests, until when.
    private readonly HashSet<HostedPartition> _underWay = [];
    private readonly Dictionary<HostedPartition, DateTimeOffset> _resting = [];
    private Task _loops = Task.CompletedTask;

    public LogCleaner(
        HostedPartitions partitions, DataDirectory data, CleanerOptions options, TimeProvider timeProvider, ILogger logger)
    {
        _partitions = partitions;
        _data = data;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _throttle = new IoThrottle(options.MaxBytesPerSecond, timeProvider);
        _limits = new CleanerLimits
        {
            DedupeBufferBytes = options.DedupeBufferBytes / options.Threads,
            DedupeLoadFactor = options.DedupeLoadFactor,
            IoBufferBytes = Math.Max(1024, options.IoBufferBytes / options.Threads),
        };
    }

    /// <summary>Any thread: logs that are left alone because cleaning them failed.</summary>
    public int UncleanableCount { get; private set; }

    /// <summary>Any thread: the dirty ratio of the filthiest log when it was last looked.</summary>
    public double MaxDirtyRatio { get; private set; }

    public void Start()
    {
        if (_options.IsEnabled)
        {
            _loops = Task.WhenAll(Enumerable.Range(0, _options.Threads).Select(_ => Repetition.EveryAsync(
                _options.Backoff, _timeProvider, CleanWhatNeedsItAsync, CleanerFailed, _stopping.Token)));
        }
    }

    /// <summary>Ends soon: what is under way is broken off, and begun anew another time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
        _choosing.Dispose();
    }

    private async Task CleanWhatNeedsItAsync()
    {
        while (!_stopping.IsCancellationRequested && await ChooseAsync().ConfigureAwait(false) is { } chosen)
        {
            TimeSpan? rest = null;
            try
            {
                rest = await CleanAsync(chosen.Partition, chosen.Need).ConfigureAwait(false);
            }
            finally
            {
                await ReleaseAsync(chosen.Partition, rest).ConfigureAwait(false);
            }
        }
    }

    private async Task<(HostedPartition Partition, CompactionNeed Need)?> ChooseAsync()
    {
        await _choosing.WaitAsync().ConfigureAwait(false);
        try
        {
            (HostedPartition Partition, CompactionNeed Need)? filthiest = null;
            var maxRatio = 0.0;
            foreach (var partition in Candidates())
            {
                var (need, minRatio) = await partition.CallAsync(
                    replica => partition.Log is { IsOffline: false } log
                        ? (log.MeasureCompaction(
                            _data.CleanedTo(partition.Directory), replica.LastStableOffset, partition.Lane.Clock.WallMs),
                            log.Config.MinCleanableDirtyRatio)
                        : default,
                    _ => default).ConfigureAwait(false);
                maxRatio = Math.Max(maxRatio, need.DirtyRatio);
                var isDue = need.DirtyBytes > 0 && (need.IsOverdue || need.DirtyRatio > minRatio);
                if (isDue && (filthiest is null || need.DirtyRatio > filthiest.Value.Need.DirtyRatio))
                {
                    filthiest = (partition, need);
                }
            }

            MaxDirtyRatio = maxRatio;
            if (filthiest is { } chosen)
            {
                _underWay.Add(chosen.Partition);
            }

            return filthiest;
        }
        finally
        {
            _choosing.Release();
        }
    }

    /// <summary>Looked at from outside their lanes: a wrong guess is put right by the next round.</summary>
    private List<HostedPartition> Candidates()
    {
        var now = _timeProvider.GetUtcNow();
        foreach (var (partition, until) in _resting.ToList())
        {
            if (until <= now || !_partitions.Contains(partition))
            {
                _resting.Remove(partition);
            }
        }

        UncleanableCount = _resting.Count;
        return [.. _partitions.All.Where(partition =>
            partition.Config.CleanupCompact
            && partition.Log is { IsOffline: false, SegmentCount: > 1 }
            && !_underWay.Contains(partition)
            && !_resting.ContainsKey(partition))];
    }

    private async Task ReleaseAsync(HostedPartition partition, TimeSpan? rest)
    {
        await _choosing.WaitAsync().ConfigureAwait(false);
        _underWay.Remove(partition);
        if (rest is { } time)
        {
            var now = _timeProvider.GetUtcNow();
            _resting[partition] = time < DateTimeOffset.MaxValue - now ? now + time : DateTimeOffset.MaxValue;
        }

        _choosing.Release();
    }

    /// <summary>Cleans one log; says how long it is to be left alone if that failed.</summary>
    private async Task<TimeSpan?> CleanAsync(HostedPartition partition, CompactionNeed need)
    {
        try
        {
            var nowMs = partition.Lane.Clock.WallMs;
            using var run = await partition.CallAsync(
                _ => partition.Log is { IsOffline: false } log ? log.BeginCompaction(need, _limits, s_codecs, nowMs) : null,
                _ => null).ConfigureAwait(false);
            try
            {
                if (run is not null)
                {
                    await Task.Run(() => RunAsync(partition, run)).ConfigureAwait(false);
                }
            }
            catch (LogStorageException) when (run!.IsOutdated)
            {
                // Taken by retention or a truncation while it was read: what is left of it is looked at anew.
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (LogStorageException fault) when (fault.Path?.EndsWith(LogFileNames.LogSuffix, StringComparison.Ordinal) != true)
        {
            // Not the log itself, but what was to be written, renamed or deleted beside it.
            if (_partitions.Contains(partition))
            {
                CleanedNotWritten(partition.Name, WriteFaultRest, fault.Message);
            }

            return WriteFaultRest;
        }
        catch (Exception fault)
        {
            // Damaged batches, a codec that is not there, or a fault of this program: the records are still served.
            if (_partitions.Contains(partition))
            {
                Uncleanable(partition.Name, fault);
            }

            return TimeSpan.MaxValue;
        }
    }

    private async Task RunAsync(HostedPartition partition, CleaningRun run)
    {
        var begun = _timeProvider.GetTimestamp();
        await WorkAsync(partition, run.BuildMap()).ConfigureAwait(false);
        while (true)
        {
            await WorkAsync(partition, run.CleanNext()).ConfigureAwait(false);
            if (run.Cleaned is not { } cleaned)
            {
                break;
            }

            var replaced = await partition.CallAsync(
                _ => partition.Log is { IsOffline: false } log && log.TrySwap(cleaned, out var result) ? result : null,
                _ => null).ConfigureAwait(false);
            if (replaced is null)
            {
                // Cut, deleted or offline in the meantime: what is left of it is looked at anew.
                return;
            }

            run.Swapped();
            replaced.DeleteFiles();
        }

        if (_partitions.Contains(partition))
        {
            _data.NoteCleaned(partition.Directory, run.EndOffset);
        }

        var elapsedMs = (long)_timeProvider.GetElapsedTime(begun).TotalMilliseconds;
        Cleaned(
            partition.Name,
            run.EndOffset,
            run.RecordsRead,
            run.RecordsKept,
            run.BytesRead,
            run.BytesWritten,
            elapsedMs);
    }

    private async Task WorkAsync(HostedPartition partition, IEnumerable<int> steps)
    {
        foreach (var bytes in steps)
        {
            _stopping.Token.ThrowIfCancellationRequested();
            if (!_partitions.Contains(partition))
            {
                throw new OperationCanceledException();
            }

            await _throttle.PassAsync(bytes, _stopping.Token).ConfigureAwait(false);
        }
    }

    [LoggerMessage(
        EventId = 1241,
        Level = LogLevel.Information,
        Message = "Compacted {Partition} up to offset {Offset}: {RecordsKept} of {RecordsRead} records stay ({BytesRead} bytes read, {BytesWritten} written, {ElapsedMs} ms)")]
    private partial void Cleaned(
        string partition, long offset, long recordsRead, long recordsKept, long bytesRead, long bytesWritten, long elapsedMs);

    [LoggerMessage(
        EventId = 1242,
        Level = LogLevel.Error,
        Message = "{Partition} cannot be compacted and is left as it is until the broker starts again; its records are still served. Look at the batch that the cause names")]
    private partial void Uncleanable(string partition, Exception cause);

    [LoggerMessage(
        EventId = 1243,
        Level = LogLevel.Warning,
        Message = "{Partition} could not be compacted, which is tried again after {Rest}: {Cause}")]
    private partial void CleanedNotWritten(string partition, TimeSpan rest, string cause);

    [LoggerMessage(EventId = 1244, Level = LogLevel.Error, Message = "The cleaning of logs failed and is tried again")]
    private partial void CleanerFailed(Exception cause);
}
