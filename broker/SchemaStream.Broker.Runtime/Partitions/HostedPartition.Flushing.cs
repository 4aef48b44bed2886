using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// Flushing beside the lane, one at a time: what is appended while one is under way is all taken by the next.
/// </summary>
internal sealed partial class HostedPartition
{
    private readonly List<FollowedPartition> _heldBack = [];
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

        if (IsFlushDue)
        {
            BeginFlush(FlushScope.Records);
        }
        else if (Config.FlushMs != long.MaxValue && _flushTimer.DeadlineMs == long.MaxValue)
        {
            _flushTimer.Arm(Lane.Clock.SteadyMs + Config.FlushMs);
        }
    }

    /// <summary>Any thread: whether no more than so many records may be told to be here before they are on the disk.</summary>
    public bool CommitsAreBoundToDisk => MaxUnflushedRecords < long.MaxValue;

    /// <summary>
    /// On the lane. To ask the leader for what comes next tells it that all before is here, and it commits that: so a follower
    /// asks once what it has is on its disk as well. Then, or when that will never be, it is told by
    /// <see cref="FollowedPartition.GoOn"/>. False when it need not wait.
    /// </summary>
    public bool HoldBack(FollowedPartition follower)
    {
        if (!IsFlushDue || Log!.NeedsReopening)
        {
            return false;
        }

        BeginFlush(FlushScope.Records);
        _heldBack.Add(follower);
        return true;
    }

    private long MaxUnflushedRecords => Config.FlushesInGroups ? 1 : Config.FlushMessages;

    private bool IsFlushDue => Log is { } log && log.LogEndOffset - log.RecoveryPoint >= MaxUnflushedRecords;

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
        if (!IsFlushDue)
        {
            LetFollowersGoOn();
        }

        FlushAsConfigured();
        return true;
    }

    private void LetFollowersGoOn()
    {
        if (_heldBack.Count == 0)
        {
            return;
        }

        // There may be one more: of a leader that is followed no more.
        FollowedPartition[] held = [.. _heldBack];
        _heldBack.Clear();
        foreach (var follower in held)
        {
            follower.GoOn();
        }
    }
}
