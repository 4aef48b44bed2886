using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>
/// Runs the shard that one partition of an internal topic keeps, on that partition's lane: what it decides is appended
/// there like any producer's records, and told once it is committed. While this broker leads the partition, that is: with
/// each change of leadership the shard is thrown away, and built anew from the log by the next leader, who serves it once
/// all that it rests on is committed.
/// </summary>
internal abstract partial class CoordinatorShardHost<TShard, TDecision, TTimerKey> : IPartitionTenant, ICoordinatorShardHost
    where TShard : class
    where TDecision : class
    where TTimerKey : notnull
{
    /// <summary>A timer whose decision could not be appended is tried again.</summary>
    private const long RetryTimerMs = 1000;

    private readonly Dictionary<RequestToken, ICoordinatorRequest> _waiting = [];
    private readonly Dictionary<TTimerKey, LaneTimer> _timers = [];
    private readonly TimeSpan _commitTimeout;
    private TShard? _shard;
    private ErrorCode _unavailable = ErrorCode.NotCoordinator;
    private long _lastToken;
    private List<DueReply>? _due;

    protected CoordinatorShardHost(HostedPartition partition, TimeSpan commitTimeout, ILogger logger)
    {
        Partition = partition;
        Logger = logger;
        _commitTimeout = commitTimeout;
        _recheckTimer = partition.Lane.Timers.Create(this, _ => Recheck());
    }

    public HostedPartition Partition { get; }

    /// <summary>Any thread.</summary>
    public abstract string Name { get; }

    protected ILogger Logger { get; }

    /// <summary>Whether commands are decided now.</summary>
    protected bool IsServing => _shard is not null;

    protected Lane Lane => Partition.Lane;

    /// <summary>Of the leadership that the shard is run under; -1 while there is none.</summary>
    protected int LeaderEpoch { get; private set; } = -1;

    public void OnRoleChanged(Partition replica)
    {
        if (replica.Role != PartitionRole.Leader)
        {
            GiveUp();
        }
        else if (replica.LeaderEpoch != LeaderEpoch)
        {
            GiveUp();
            LeaderEpoch = replica.LeaderEpoch;
            _unavailable = ErrorCode.CoordinatorLoadInProgress;
            if (replica.LogStartOffset == replica.LogEndOffset)
            {
                ActivateOnceCommitted(CreateShard());
            }
            else
            {
                BeginLoading(replica.LeaderEpoch);
            }
        }
    }

    public void OnClosed() => GiveUp();

    /// <summary>While the log is being read a marker would be missed: it may come again.</summary>
    public ErrorCode CheckMarker() => _shard is null ? ErrorCode.NotLeaderOrFollower : ErrorCode.None;

    public void OnMarker(in TransactionMarker marker)
    {
        if (_shard is { } shard)
        {
            EndTransaction(shard, marker.ProducerId, marker.Commit);
        }
    }

    /// <summary>
    /// A fault of the log is the partition's. One of the shard's own state stops the shard alone, until the partition is
    /// led anew: the log goes on being replicated.
    /// </summary>
    public void TakeOffline(Exception cause)
    {
        if (cause is LogStorageException or InvariantException)
        {
            Partition.TakeOffline(cause);
        }
        else
        {
            GiveUp();
            _unavailable = ErrorCode.CoordinatorNotAvailable;
        }
    }

    /// <summary>A command, on the lane.</summary>
    public virtual void Take(ICoordinatorRequest request)
    {
        if (_shard is not { } shard || Partition.Replica is not { } replica)
        {
            request.Reply(request.Command.Refused(_unavailable));
            return;
        }

        var token = new RequestToken(++_lastToken);
        _waiting.Add(token, request);
        var decision = Decide(shard, request.Command, token, Lane.Clock.SteadyMs);
        try
        {
            if (!TryCarryOut(shard, replica, decision, out var error) && _waiting.Remove(token))
            {
                request.Reply(AppendFailed(request.Command, error));
            }
        }
        catch (LogStorageException)
        {
            // The lane answers it; the shard lives on, as its partition is only not written to.
            _waiting.Remove(token);
            throw;
        }
    }

    /// <summary>Sends a reply, or says that what it rests on was not committed.</summary>
    internal void Send(RequestToken token, CoordinatorReply reply, ErrorCode commitError)
    {
        if (_waiting.Remove(token, out var request))
        {
            request.Reply(commitError == ErrorCode.None ? reply : AppendFailed(request.Command, commitError));
        }
    }

    protected abstract TShard CreateShard();

    /// <summary>Takes a record of the log into a shard that is being loaded; beside the lane. Null, or why it was skipped.</summary>
    protected abstract string? Replay(TShard shard, in LogRecord record);

    /// <summary>A transaction that wrote to this log has ended. Only shards that take records of transactions mind.</summary>
    protected virtual void EndTransaction(TShard shard, long producerId, bool commit)
    {
    }

    protected abstract TDecision CompleteLoading(TShard shard, long nowMs);

    protected abstract TDecision Decide(TShard shard, CoordinatorCommand command, RequestToken token, long nowMs);

    protected abstract TDecision Expire(TShard shard, TTimerKey key, long nowMs);

    protected abstract void Accept(TShard shard, TDecision decision);

    /// <summary>The batch to append for a decision; empty where it has no records.</summary>
    protected abstract Memory<byte> Build(TDecision decision, long nowMs);

    /// <summary>
    /// The decision stands: see to its effects, with <see cref="Reply"/>, <see cref="Arm"/>, <see cref="Cancel"/>,
    /// <see cref="OnceCommitted(Action)"/> and one's own.
    /// </summary>
    protected abstract void CarryOut(TDecision decision);

    /// <summary>What a command is answered with whose records could not be appended or committed.</summary>
    protected abstract CoordinatorReply AppendFailed(CoordinatorCommand command, ErrorCode error);

    /// <summary>The shard is thrown away: what it owes goes out with <see cref="Reply"/>, and what runs for it ends.</summary>
    protected virtual void OnGivenUp(TShard? shard)
    {
    }

    /// <summary>Sends a reply once all that was appended so far is committed.</summary>
    protected void Reply(RequestToken token, CoordinatorReply reply)
    {
        if (_shard is null || Partition.Replica is not { } replica || replica.HighWatermark == replica.LogEndOffset)
        {
            Send(token, reply, ErrorCode.None);
        }
        else
        {
            (_due ??= []).Add(new DueReply(token, reply));
        }
    }

    protected void Arm(TTimerKey key, long deadlineMs)
    {
        if (!_timers.TryGetValue(key, out var timer))
        {
            _timers[key] = timer = Lane.Timers.Create(this, _ => OnTimer(key));
        }

        timer.Arm(deadlineMs);
    }

    protected void Cancel(TTimerKey key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Disarm();
        }
    }

    private void Activate(TShard shard)
    {
        _shard = shard;
        if (Partition.Replica is { } replica)
        {
            TryCarryOut(shard, replica, CompleteLoading(shard, Lane.Clock.SteadyMs), out _);
        }
    }

    private void OnTimer(TTimerKey key)
    {
        if (_shard is not { } shard || Partition.Replica is not { } replica)
        {
            return;
        }

        var isDone = false;
        try
        {
            isDone = TryCarryOut(shard, replica, Expire(shard, key, Lane.Clock.SteadyMs), out _);
        }
        finally
        {
            // Also when the disk has just failed: the partition lives on, and what is due must not be forgotten.
            if (!isDone && _shard is not null)
            {
                Arm(key, Lane.Clock.SteadyMs + RetryTimerMs);
            }
        }
    }

    /// <summary>Append, accept, see to the effects, and reply once all that was appended so far is committed.</summary>
    private bool TryCarryOut(TShard shard, Partition replica, TDecision decision, out ErrorCode error)
    {
        var nowMs = Lane.Clock.WallMs;
        var batch = Build(decision, nowMs);
        error = batch.IsEmpty ? ErrorCode.None : Append(replica, batch, nowMs);
        if (error != ErrorCode.None)
        {
            return false;
        }

        Accept(shard, decision);
        CarryOut(decision);
        if (_due is { } due)
        {
            _due = null;
            var deadlineMs = Lane.Clock.SteadyMs + (long)_commitTimeout.TotalMilliseconds;
            replica.AwaitCommit(replica.LogEndOffset, deadlineMs, new PendingReplies(this, due));
            Partition.ArmAcksTimer();
        }

        return true;
    }

    private ErrorCode Append(Partition replica, Memory<byte> batch, long nowMs)
    {
        var appended = replica.Append(batch, AppendOrigin.Coordinator, currentLeaderEpoch: -1, requireInSync: true, nowMs);
        if (appended.Error == ErrorCode.None)
        {
            Partition.FlushAsConfigured();
        }

        return appended.Error;
    }

    /// <summary>Answers everyone who waits and forgets the shard; the log has it.</summary>
    private void GiveUp()
    {
        var shard = _shard;
        (_shard, _unavailable, LeaderEpoch) = (null, ErrorCode.NotCoordinator, -1);
        _recheckTimer.Disarm();
        _uncommitted.Clear();
        foreach (var timer in _timers.Values)
        {
            timer.Disarm();
        }

        _timers.Clear();
        OnGivenUp(shard);
        foreach (var request in _waiting.Values)
        {
            request.Reply(request.Command.Refused(ErrorCode.NotCoordinator));
        }

        _waiting.Clear();
    }
}
