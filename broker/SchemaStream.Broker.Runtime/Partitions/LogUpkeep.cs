using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// What logs need now and then: retention, forgetting idle producers, syncing full segments, checkpoints, and another try
/// where a disk refused.
/// </summary>
internal sealed partial class LogUpkeep(
    HostedPartitions partitions,
    ReplicaHost host,
    TimeSpan retentionInterval,
    TimeSpan highWatermarkInterval,
    TimeProvider timeProvider,
    ILogger logger)
    : IAsyncDisposable
{
    /// <summary>Kafka's log.flush.offset.checkpoint.interval.ms.</summary>
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    /// <summary>How soon after a segment is full it is synced, so that no crash has it read through again.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>How soon a log is written to again after its disk has room or is back.</summary>
    private static readonly TimeSpan OnlineInterval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    public void Start() => _loops = Task.WhenAll(
        RepeatAsync(retentionInterval, ApplyRetentionAsync),
        RepeatAsync(FlushInterval, FlushFullSegmentsAsync),
        RepeatAsync(highWatermarkInterval, host.WriteHighWatermarksAsync),
        RepeatAsync(CheckpointInterval, host.WriteCheckpointsAsync),
        RepeatAsync(OnlineInterval, BringOnlineAsync));

    /// <summary>Ends once what is under way is done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private Task RepeatAsync(TimeSpan interval, Func<Task> work) =>
        Repetition.EveryAsync(interval, timeProvider, work, UpkeepFailed, _stopping.Token);

    /// <summary>As Kafka does when it rolls a segment. One log after the other, so that syncing leaves the disk to others.</summary>
    private async Task FlushFullSegmentsAsync()
    {
        var hasFlushed = false;
        foreach (var partition in partitions.All)
        {
            // Looked at from outside its lane: a wrong guess is put right by the next round.
            if (partition.Log is { IsOffline: false, HasUnflushedFullSegment: true })
            {
                hasFlushed |= await FlushAsync(partition).ConfigureAwait(false);
            }
        }

        if (hasFlushed)
        {
            await host.WriteCheckpointsAsync().ConfigureAwait(false);
        }
    }

    private static async Task<bool> FlushAsync(HostedPartition partition)
    {
        var (log, plan) = await partition.CallAsync(
            _ => partition.Log is { IsOffline: false } open ? (open, open.BeginFlush()) : (null, (FlushPlan?)null),
            _ => (null, null)).ConfigureAwait(false);
        if (log is null || plan is null)
        {
            return false;
        }

        LogStorageException? failure = null;
        try
        {
            plan.Execute();
        }
        catch (LogStorageException broken)
        {
            failure = broken;
            plan.Dispose();
        }

        return await partition.CallAsync(
            _ =>
            {
                if (!ReferenceEquals(partition.Log, log))
                {
                    return false;
                }

                if (failure is not null)
                {
                    log.TakeOffline(failure);
                    throw failure;
                }

                log.CompleteFlush(plan);
                return true;
            },
            _ => false).ConfigureAwait(false);
    }

    private async Task BringOnlineAsync()
    {
        foreach (var partition in partitions.All)
        {
            // Looked at from outside its lane: a wrong guess is put right by the next round.
            if (partition.Log is { IsOffline: true }
                && await partition.CallAsync(_ => partition.TryBringOnline(), _ => false).ConfigureAwait(false))
            {
                BackOnline(partition.Name);
            }
        }
    }

    private async Task ApplyRetentionAsync()
    {
        foreach (var partition in partitions.All)
        {
            var deleted = await partition.CallAsync<RetentionResult?>(
                replica =>
                {
                    if (!partition.TryBringOnline())
                    {
                        return null;
                    }

                    var (log, nowMs) = (partition.Log!, partition.Lane.Clock.WallMs);
                    log.ExpireProducers(nowMs);
                    return log.ApplyRetention(RetentionPolicy.Of(log.Config), nowMs, replica.HighWatermark);
                },
                _ => null).ConfigureAwait(false);
            if (deleted is { SegmentsDeleted: > 0 })
            {
                SegmentsDeleted(partition.Name, deleted.SegmentsDeleted, deleted.BytesDeleted);
                deleted.DeleteFiles();
            }
        }
    }

    [LoggerMessage(EventId = 1211, Level = LogLevel.Information, Message = "Retention took {Count} segments ({Bytes} bytes) off {Partition}")]
    private partial void SegmentsDeleted(string partition, int count, long bytes);

    [LoggerMessage(EventId = 1213, Level = LogLevel.Information, Message = "Log {Partition} is written to again")]
    private partial void BackOnline(string partition);

    [LoggerMessage(EventId = 1212, Level = LogLevel.Error, Message = "The upkeep of the logs failed and is tried again")]
    private partial void UpkeepFailed(Exception cause);
}
