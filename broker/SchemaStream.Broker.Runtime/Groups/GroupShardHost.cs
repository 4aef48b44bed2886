using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>
/// Runs the group shard of one <c>__consumer_offsets</c> partition, on that partition's lane: what it decides is appended
/// there like any producer's records, and told once it is committed. While this broker leads the partition, that is: with
/// each change of leadership the shard is thrown away, and built anew from the log by the next leader, who serves it once
/// all that it rests on is committed.
/// </summary>
internal sealed partial class GroupShardHost : IPartitionTenant, ILaneOwner
{
    /// <summary>A timer whose decision could not be appended is tried again.</summary>
    private const long RetryTimerMs = 1000;

    private readonly Dictionary<RequestToken, IGroupRequest> _waiting = [];
    private readonly Dictionary<GroupTimerKey, LaneTimer> _timers = [];
    private readonly RecordBatchBuilder _builder = new();
    private readonly GroupShardOptions _options;
    private readonly TimeSpan _commitTimeout;
    private readonly ILogger _logger;
    private GroupShard? _shard;
    private ErrorCode _unavailable = ErrorCode.NotCoordinator;
    private int _leaderEpoch = -1;
    private long _lastToken;

    public GroupShardHost(HostedPartition partition, GroupShardOptions options, TimeSpan commitTimeout, ILogger logger)
    {
        Partition = partition;
        _options = options;
        _commitTimeout = commitTimeout;
        _loadTimer = partition.Lane.Timers.Create(this, _ => ActivateOnceCommitted());
        _logger = logger;
    }

    public HostedPartition Partition { get; }

    /// <summary>Any thread.</summary>
    public string Name => $"The groups of {Partition.Name}";

    private Lane Lane => Partition.Lane;

    public void OnRoleChanged(Partition replica)
    {
        if (replica.Role != PartitionRole.Leader)
        {
            GiveUp();
        }
        else if (replica.LeaderEpoch != _leaderEpoch)
        {
            GiveUp();
            _leaderEpoch = replica.LeaderEpoch;
            _unavailable = ErrorCode.CoordinatorLoadInProgress;
            if (replica.LogStartOffset == replica.LogEndOffset)
            {
                _loadedShard = new GroupShard(_options);
                ActivateOnceCommitted();
            }
            else
            {
                BeginLoading(replica.LeaderEpoch);
            }
        }
    }

    public void OnClosed() => GiveUp();

    /// <summary>
    /// A fault of the log is the partition's. One of the groups' own state stops the groups alone, until the partition is
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
    public void Take(IGroupRequest request)
    {
        if (_shard is not { } shard || Partition.Replica is not { } replica)
        {
            request.Reply(request.Command.Refused(_unavailable));
            return;
        }

        var token = new RequestToken(++_lastToken);
        _waiting.Add(token, request);
        var decision = shard.Decide(request.Command, token, Lane.Clock.SteadyMs);
        try
        {
            if (!TryCarryOut(shard, replica, decision, out var error) && _waiting.Remove(token))
            {
                request.Reply(AppendFailure.Answer(request.Command, error));
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
    public void Send(SendReply effect, ErrorCode commitError)
    {
        if (_waiting.Remove(effect.Token, out var request))
        {
            request.Reply(commitError == ErrorCode.None
                ? effect.Reply
                : AppendFailure.Answer(request.Command, commitError));
        }
    }

    private void Activate(GroupShard shard)
    {
        _shard = shard;
        if (Partition.Replica is { } replica)
        {
            TryCarryOut(shard, replica, shard.CompleteLoading(Lane.Clock.SteadyMs), out _);
        }
    }

    private void OnTimer(GroupTimerKey key)
    {
        if (_shard is not { } shard || Partition.Replica is not { } replica)
        {
            return;
        }

        var isDone = false;
        try
        {
            isDone = TryCarryOut(shard, replica, shard.Expire(key, Lane.Clock.SteadyMs), out _);
        }
        finally
        {
            // Also when the disk has just failed: the partition lives on, and a member whose time is up must not.
            if (!isDone && _shard is not null)
            {
                Arm(key, Lane.Clock.SteadyMs + RetryTimerMs);
            }
        }
    }

    /// <summary>Append, accept, set timers, and reply once all that was appended so far is committed.</summary>
    private bool TryCarryOut(GroupShard shard, Partition replica, GroupDecision decision, out ErrorCode error)
    {
        error = decision.Records.Count > 0 ? Append(replica, decision.Records) : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            return false;
        }

        shard.Accept(decision);
        List<SendReply>? replies = null;
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case SendReply reply when replica.HighWatermark == replica.LogEndOffset:
                    Send(reply, ErrorCode.None);
                    break;
                case SendReply reply:
                    (replies ??= []).Add(reply);
                    break;
                case ScheduleTimer timer:
                    Arm(timer.Key, timer.DeadlineMs);
                    break;
                case CancelTimer timer:
                    Cancel(timer.Key);
                    break;
                case Report report:
                    GroupChanged(report.GroupId, report.Message);
                    break;
            }
        }

        if (replies is not null)
        {
            var deadlineMs = Lane.Clock.SteadyMs + (long)_commitTimeout.TotalMilliseconds;
            replica.AwaitCommit(replica.LogEndOffset, deadlineMs, new PendingReplies(this, replies));
            Partition.ArmAcksTimer();
        }

        return true;
    }

    private ErrorCode Append(Partition replica, IReadOnlyList<GroupRecord> records)
    {
        var nowMs = Lane.Clock.WallMs;
        _builder.Reset();
        foreach (var record in records)
        {
            var encoded = GroupRecordFormat.Encode(record);
            _builder.Add(nowMs, encoded.Key, encoded.Value);
        }

        var appended = replica.Append(
            _builder.Build(), AppendOrigin.Coordinator, currentLeaderEpoch: -1, requireInSync: true, nowMs);
        if (appended.Error == ErrorCode.None)
        {
            Partition.FlushAsConfigured();
        }

        return appended.Error;
    }

    private void Arm(GroupTimerKey key, long deadlineMs)
    {
        if (!_timers.TryGetValue(key, out var timer))
        {
            _timers[key] = timer = Lane.Timers.Create(this, _ => OnTimer(key));
        }

        timer.Arm(deadlineMs);
    }

    private void Cancel(GroupTimerKey key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Disarm();
        }
    }

    /// <summary>Answers everyone who waits and forgets the groups; the log has them.</summary>
    private void GiveUp()
    {
        var shard = _shard;
        (_shard, _loadedShard, _unavailable, _leaderEpoch) = (null, null, ErrorCode.NotCoordinator, -1);
        _loadTimer.Disarm();
        foreach (var timer in _timers.Values)
        {
            timer.Disarm();
        }

        _timers.Clear();
        foreach (var effect in shard?.Unload(ErrorCode.NotCoordinator).Effects ?? [])
        {
            if (effect is SendReply reply)
            {
                Send(reply, ErrorCode.None);
            }
        }

        foreach (var request in _waiting.Values)
        {
            request.Reply(request.Command.Refused(ErrorCode.NotCoordinator));
        }

        _waiting.Clear();
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Group {Group}: {What}")]
    private partial void GroupChanged(string group, string what);
}
