using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// Flushing beside the lane, one at a time: what is appended while one is under way is all taken by the next.
/// </summary>
internal sealed partial class HostedPartition
{
    private bool _isFlushing;

    /// <summary>Where flushes are carried out.</summary>
    public LogFlusher? Flusher { get; set; }

    /// <summary>After an append: flushes where the topic asks for more than the operating system gives.</summary>
    public void FlushAsConfigured()
    {
        if (Log is not { IsOffline: false } log || log.LogEndOffset == log.RecoveryPoint)
        {
            return;
        }

        if (log.LogEndOffset - log.RecoveryPoint >= MaxUnflushedRecords)
        {
            BeginFlush(FlushScope.Records);
        }
        else if (Config.FlushMs != long.MaxValue && _flushTimer.DeadlineMs == long.MaxValue)
        {
            _flushTimer.Arm(Lane.Clock.SteadyMs + Config.FlushMs);
        }
    }

    private long MaxUnflushedRecords => Config.FlushesInGroups ? 1 : Config.FlushMessages;

    /// <summary>On the lane.</summary>
    private void BeginFlush(FlushScope scope)
    {
        if (_isFlushing || Log is not { IsOffline: false } log || Flusher is not { } flusher)
        {
            return;
        }

        var plan = log.BeginFlush(scope);
        _isFlushing = true;
        _ = FlushBesideAsync(flusher, log, plan);
    }

    private async Task FlushBesideAsync(LogFlusher flusher, PartitionLog log, FlushPlan plan)
    {
        var failure = await flusher.ExecuteAsync(plan).ConfigureAwait(false);
        await CallAsync(_ => EndFlush(log, plan, failure), _ => _isFlushing = false).ConfigureAwait(false);
    }

    private bool EndFlush(PartitionLog log, FlushPlan plan, LogStorageException? failure)
    {
        _isFlushing = false;
        if (!ReferenceEquals(Log, log))
        {
            return false;
        }

        if (failure is not null)
        {
            log.TakeOffline(failure);
            throw failure;
        }

        log.CompleteFlush(plan);
        Replica?.Flushed();
        FlushAsConfigured();
        return true;
    }
}
