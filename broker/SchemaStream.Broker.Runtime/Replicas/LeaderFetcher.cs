using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// Fetches from one leader, over one connection, all partitions that are followed from it. A long poll asks for what is
/// ready. What becomes ready while it waits (a new partition, a slow append) is asked for by a second request that does
/// not wait, and at which the leader's server ends the first one: so nothing waits for a poll that it is not part of.
/// Polls are a fetch session: each names what changed since the one before, so that partitions without news cost nothing
/// here. The second request is none of it, as it asks for what the session does not have.
/// </summary>
internal sealed partial class LeaderFetcher : IAsyncDisposable
{
    /// <summary>After an error that the next image may mend, here or at the leader.</summary>
    public const long FirstRetryMs = 5;

    /// <summary>How long the next poll waits for appends of the last one, before it goes without them.</summary>
    private const long GraceMs = 10;

    private readonly System.Threading.Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<TopicIdPartition, FollowedPartition> _byId = [];
    private readonly FetchTurn _poll = new();
    private readonly FetchTurn _nudge = new();
    private readonly FollowerSession _session = new();
    private readonly List<FollowedPartition> _touched = [];
    private readonly ReplicaOptions _options;
    private readonly SharedQuota _quota;
    private readonly TimeProvider _timeProvider;
    private readonly LaneClock _clock;
    private readonly ITimer _timer;
    private readonly ILogger _logger;
    private readonly int _nodeId;
    private readonly Task _loop;
    private List<FollowedPartition> _order = [];
    private BrokerEndpoint? _endpoint;
    private long _brokerEpoch = -1;
    private long _timerSetForMs = long.MaxValue;
    private long _graceEndsMs;
    private int _first;
    private int _ready;
    private int _polled;
    private int _appending;
    private bool _isConnected;
    private bool _mayNudge;

    /// <param name="quota">What may be fetched for replicas that are throttled.</param>
    public LeaderFetcher(
        int nodeId, int leaderId, ReplicaOptions options, SharedQuota quota, TimeProvider timeProvider, ILogger logger)
    {
        _nodeId = nodeId;
        LeaderId = leaderId;
        _options = options;
        _quota = quota;
        _timeProvider = timeProvider;
        _clock = new LaneClock(timeProvider);
        _logger = logger;
        _timer = timeProvider.CreateTimer(
            static state => ((LeaderFetcher)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Prepare(_poll, options.FetchWaitMax);
        Prepare(_nudge, TimeSpan.Zero);
        _loop = Task.Run(RunAsync);
    }

    public int LeaderId { get; }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count == 0;
            }
        }
    }

    private long BackoffMs => (long)_options.FetchBackoff.TotalMilliseconds;

    /// <summary>Where the leader is now, and as who it is asked. A leader that moved is connected to anew, at once.</summary>
    public void Locate(BrokerEndpoint? endpoint, long brokerEpoch)
    {
        lock (_gate)
        {
            _brokerEpoch = brokerEpoch;
            if (_endpoint == endpoint)
            {
                return;
            }

            _endpoint = endpoint;
        }

        DropConnection();
        SignalChange();
    }

    /// <summary>Begins with some partitions and ends with others, in one go however many they are.</summary>
    public void Change(IReadOnlyList<Following> added, IReadOnlyList<TopicIdPartition> removed)
    {
        var settling = new List<FollowedPartition>();
        lock (_gate)
        {
            foreach (var id in removed)
            {
                Remove(id);
            }

            foreach (var following in added)
            {
                Remove(following.Partition.Id);
                var partition = new FollowedPartition(this, following, _options.FetchMaxBytes);
                _byId.Add(following.Partition.Id, partition);
                _order.Add(partition);
                if (partition.Hosted.CommitsAreBoundToDisk || partition.Hosted.HasFailed)
                {
                    // What the log has already is to be on the disk before the first fetch says that it is here; and one
                    // that cannot be written to must not count as following, or the leader would wait for it.
                    partition.At = FollowedPartition.Stage.Appending;
                    _appending++;
                    settling.Add(partition);
                }

                Count(partition, 1);
                Touch(partition);
            }

            _order = [.. _order
                .Where(partition => partition.At != FollowedPartition.Stage.Gone)
                .OrderBy(partition => partition.Hosted.Id.TopicId)
                .ThenBy(partition => partition.Hosted.Id.Partition)];
            for (var place = 0; place < _order.Count; place++)
            {
                _order[place].Place = place;
            }

            _first = 0;
            CallTurns();
        }

        settling.ForEach(partition => partition.Hosted.Lane.Post(partition));
        SignalChange();
    }

    /// <summary>Stops fetching; appends that are under way end by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        SignalChange();
        await _loop.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>On the partition's lane: the answer is dealt with, and the next fetch goes on from this position.</summary>
    public void OnAppended(FollowedPartition partition, ErrorCode error, in FollowerPosition position, bool isGone)
    {
        lock (_gate)
        {
            _appending--;
            if (partition.At == FollowedPartition.Stage.Appending)
            {
                partition.Position = position;
                if (isGone)
                {
                    Remove(partition.Hosted.Id);
                }
                else if (error != ErrorCode.None)
                {
                    Delay(partition, error);
                }
                else if (position.LeaderEpoch != partition.LeaderEpoch)
                {
                    // There is another leader, or the same anew: the next update says so here too.
                    Delay(partition, ErrorCode.NotLeaderOrFollower);
                }
                else
                {
                    BecomeReady(partition);
                    partition.RetryMs = FirstRetryMs;
                }
            }

            CallTurns();
        }

        if (error != ErrorCode.None)
        {
            NotTaken(partition.Hosted.Name, LeaderId, error);
        }
    }

    public void OnTruncated(HostedPartition partition, in FollowerTruncation truncation)
    {
        Truncated(partition.Name, LeaderId, truncation.FormerEndOffset, truncation.EndOffset);
        if (truncation.LostCommitted)
        {
            CommittedLost(partition.Name, LeaderId, truncation.EndOffset, truncation.FormerHighWatermark);
        }
    }

    private void Remove(TopicIdPartition id)
    {
        if (_byId.Remove(id, out var partition))
        {
            Move(partition, FollowedPartition.Stage.Gone);
        }
    }

    private void BecomeReady(FollowedPartition partition) => Move(partition, FollowedPartition.Stage.Ready);

    private void Move(FollowedPartition partition, FollowedPartition.Stage to)
    {
        Count(partition, -1);
        partition.At = to;
        Count(partition, 1);
        Touch(partition);
    }

    private void Count(FollowedPartition partition, int by)
    {
        if (partition.At == FollowedPartition.Stage.Ready)
        {
            _ready += by;
        }
        else if (IsPolled(partition))
        {
            _polled += by;
        }
    }

    /// <summary>The next poll has something to say of it: what it wants now, or that it wants nothing.</summary>
    private void Touch(FollowedPartition partition)
    {
        if (!partition.IsTouched)
        {
            partition.IsTouched = true;
            _touched.Add(partition);
        }
    }

    private bool IsPolled(FollowedPartition partition) =>
        partition.At == FollowedPartition.Stage.Fetched && ReferenceEquals(partition.Turn, _poll);

    /// <summary>Leaves a partition alone for a while. Errors of leadership go away with the next image, which is near.</summary>
    private void Delay(FollowedPartition partition, ErrorCode error)
    {
        var delayMs = BackoffMs;
        if (error is ErrorCode.NotLeaderOrFollower or ErrorCode.UnknownLeaderEpoch or ErrorCode.UnknownTopicId
            or ErrorCode.UnknownTopicOrPartition)
        {
            delayMs = Math.Min(partition.RetryMs, BackoffMs);
            partition.RetryMs = delayMs * 2;
        }

        DelayFor(partition, delayMs);
    }

    private void DelayFor(FollowedPartition partition, long delayMs)
    {
        Move(partition, FollowedPartition.Stage.Delayed);
        partition.DelayedUntilMs = _clock.SteadyMs + delayMs;
        SetTimer(partition.DelayedUntilMs);
    }

    /// <summary>Under the gate, after anything changed: wakes a request for what is ready.</summary>
    private void CallTurns()
    {
        if (!_isConnected || _ready + _polled == 0)
        {
            return;
        }

        if (_poll.At == FetchTurn.Stage.Idle)
        {
            if (_appending == 0 || _clock.SteadyMs >= _graceEndsMs)
            {
                Call(_poll);
            }
            else
            {
                SetTimer(_graceEndsMs);
            }
        }
        else if (_poll.At == FetchTurn.Stage.Sent && _nudge.At == FetchTurn.Stage.Idle && _mayNudge && _ready > 0)
        {
            _mayNudge = false;
            Call(_nudge);
        }
    }

    private static void Call(FetchTurn turn)
    {
        turn.At = FetchTurn.Stage.Called;
        turn.Call.Set();
    }

    private void SetTimer(long deadlineMs)
    {
        if (deadlineMs >= _timerSetForMs)
        {
            return;
        }

        _timerSetForMs = deadlineMs;
        // One more millisecond: the steady clock truncates, and an early look would find nothing due.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, deadlineMs - _clock.SteadyMs + 1)), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        var failed = new List<FollowedPartition>();
        lock (_gate)
        {
            _timerSetForMs = long.MaxValue;
            var (nowMs, next) = (_clock.SteadyMs, long.MaxValue);
            foreach (var partition in _order)
            {
                if (partition.At != FollowedPartition.Stage.Delayed)
                {
                    continue;
                }

                if (partition.DelayedUntilMs > nowMs)
                {
                    next = Math.Min(next, partition.DelayedUntilMs);
                }
                else if (partition.Hosted.HasFailed)
                {
                    // To its lane first, which knows whether the disk is well again.
                    Move(partition, FollowedPartition.Stage.Appending);
                    _appending++;
                    failed.Add(partition);
                }
                else
                {
                    BecomeReady(partition);
                }
            }

            if (next != long.MaxValue)
            {
                SetTimer(next);
            }

            CallTurns();
        }

        failed.ForEach(partition => partition.Hosted.Lane.Post(partition));
    }

    private void Prepare(FetchTurn turn, TimeSpan maxWait)
    {
        turn.Request.ReplicaState = new() { ReplicaId = _nodeId };
        turn.Request.SessionEpoch = -1;
        turn.Request.MaxWaitMs = (int)maxWait.TotalMilliseconds;
        turn.Request.MinBytes = _options.FetchMinBytes;
        turn.Request.MaxBytes = _options.FetchResponseMaxBytes;
    }
}
