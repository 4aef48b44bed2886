using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Broker.Raft.Roles;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Raft;

/// <summary>
/// One node of the quorum: a deterministic machine. <see cref="Step"/>, <see cref="Tick"/> and <see cref="Propose"/> feed
/// it, <see cref="TakeReady"/> returns its work. It behaves as if what it asked to persist were on disk already, which
/// holds because nothing leaves it before that is so. When persisting fails the node must stop.
/// </summary>
public sealed partial class QuorumRaft
{
    // A message with one beyond it is a lie, and would leave no room for further elections.
    private const int MaxLeaderEpoch = int.MaxValue - 1_000_000;

    private readonly RaftOptions _options;
    private readonly Random _random;
    private readonly EpochHistory _epochs = new();
    private readonly VoterHistory _voters;
    private readonly List<LogOperation> _operations = [];
    private readonly List<RaftMessage> _messages = [];
    private readonly List<string> _refusals = [];

    private QuorumState _state;
    private QuorumState _persistedState;
    private RaftRole _role;
    private EpochEnd? _snapshot;
    private (NodeId, EpochEnd)? _download;
    private long _logStartOffset;
    private long _logEndOffset;

    /// <summary>Makes the node from what its disk holds.</summary>
    /// <param name="id">This node.</param>
    /// <param name="options">Time-outs and bounds.</param>
    /// <param name="stored">The persisted state; <see cref="QuorumState.Initial"/> for a new node.</param>
    /// <param name="voters">The voters of the newest snapshot; without one, those named in the configuration.</param>
    /// <param name="snapshot">The newest snapshot; the log begins at its end or before, and reaches it.</param>
    /// <param name="log">The log's batches, in order; payloads are not looked at.</param>
    /// <param name="random">Spreads the election time-outs; seeded by the caller.</param>
    /// <param name="nowMs">The time now, in milliseconds from any origin that never goes back.</param>
    public QuorumRaft(
        NodeId id, RaftOptions options, QuorumState stored, VoterSet voters, EpochEnd? snapshot, IEnumerable<LogBatch> log, Random random, long nowMs)
    {
        Id = id;
        _options = options;
        _random = random;
        _state = _persistedState = stored;
        _voters = new VoterHistory(voters);
        if (snapshot is { } end)
        {
            _snapshot = end;
            _epochs.Reset(end);
            _voters.Reset(end.EndOffset - 1, voters);
            _logStartOffset = _logEndOffset = end.EndOffset;
            HighWatermark = end.EndOffset;
        }

        Load(log);
        Invariant.That(_logEndOffset >= HighWatermark, "the log reaches the snapshot's end");
        Invariant.That(_epochs.LastEpoch <= _state.LeaderEpoch, "no record is of an epoch that was never entered");

        // Whoever led before the restart does not lead now: nothing says that the log kept its last appends. Asking about
        // soon costs nothing: where there is a leader, the pre-vote is refused, and the answer says who it is.
        _role = new UnattachedRole(nowMs + _options.ElectionTimeoutMs / 8 + _random.Next(1 + _options.ElectionTimeoutMs / 4));
        if (_state.Leader is { } leader && leader != Id)
        {
            _role = new FollowerRole(leader, nowMs + _options.FetchTimeoutMs);
        }
        else if (Voters.Contains(Id) && Voters.Nodes.Count == 1)
        {
            BecomeProspective(nowMs);
        }
        else
        {
            // Before it stands: a node with an empty disk must not found, with another such one, a quorum beside one that lives.
            AskWhoLeads();
        }
    }

    public NodeId Id { get; }

    public int LeaderEpoch => _state.LeaderEpoch;

    public NodeId? Leader => _role switch
    {
        LeaderRole => Id,
        FollowerRole follower => follower.Leader,
        _ => null,
    };

    public bool IsLeader => _role is LeaderRole;

    /// <summary>Leads, and its epoch's first record is committed: everything before it is, too.</summary>
    public bool IsReady => _role is LeaderRole leader && HighWatermark > leader.EpochStartOffset;

    /// <summary>Whether <see cref="TakeReady"/> would return anything to do.</summary>
    public bool HasWork =>
        _operations.Count > 0 || _messages.Count > 0 || _refusals.Count > 0 || _download is not null || _state != _persistedState;

    /// <summary>The voters in force: the newest set in the log, committed or not.</summary>
    public VoterSet Voters => _voters.Current;

    /// <summary>Everything below is on a majority's disks and stays.</summary>
    public long HighWatermark { get; private set; }

    public long LogStartOffset => _logStartOffset;

    public long LogEndOffset => _logEndOffset;

    /// <summary>Takes one message of another node.</summary>
    public void Step(RaftMessage message, long nowMs)
    {
        Invariant.That(message.To == Id, "a message reaches whom it is for");
        if (message.LeaderEpoch is < 0 or > MaxLeaderEpoch)
        {
            Refuse(message, $"its epoch is {message.LeaderEpoch}");
            return;
        }

        switch (message)
        {
            case VoteRequest request:
                OnVoteRequest(request, nowMs);
                break;
            case VoteResponse response:
                OnVoteResponse(response, nowMs);
                break;
            case BeginEpochRequest request:
                OnBeginEpoch(request, nowMs);
                break;
            case EndEpochRequest request:
                OnEndEpoch(request, nowMs);
                break;
            case FetchRequest request:
                OnFetchRequest(request, nowMs);
                break;
            case FetchResponse response:
                OnFetchResponse(response, nowMs);
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} is no message of the quorum", nameof(message));
        }
    }

    /// <summary>Lets time pass; call it at least every few tens of milliseconds.</summary>
    public void Tick(long nowMs)
    {
        switch (_role)
        {
            case UnattachedRole unattached when nowMs >= unattached.DeadlineMs:
                WaitedLongEnough(nowMs);
                break;
            case ResignedRole resigned when nowMs >= resigned.DeadlineMs:
                WaitedLongEnough(nowMs);
                break;
            case ProspectiveRole prospective when nowMs >= prospective.DeadlineMs:
                BecomeProspective(nowMs);
                break;
            case CandidateRole candidate when nowMs >= candidate.DeadlineMs:
                BecomeProspective(nowMs);
                break;
            case FollowerRole follower:
                TickFollower(follower, nowMs);
                break;
            case LeaderRole leader:
                TickLeader(leader, nowMs);
                break;
        }
    }

    /// <summary>What is to be done now. The driver does it all, in its order, before it feeds the node again.</summary>
    public Ready TakeReady()
    {
        var ready = new Ready
        {
            State = _state == _persistedState ? null : _state,
            Log = [.. _operations],
            Download = _download,
            Messages = [.. _messages],
            HighWatermark = HighWatermark,
            Leader = Leader,
            LeaderEpoch = LeaderEpoch,
            Refusals = [.. _refusals],
        };
        _persistedState = _state;
        _download = null;
        _operations.Clear();
        _messages.Clear();
        _refusals.Clear();
        return ready;
    }

    /// <summary>
    /// Whether a snapshot may take the place of the log. One that was asked for long ago may not: since then this node may
    /// have acknowledged records that it does not hold.
    /// </summary>
    public bool Awaits(EpochEnd snapshot) =>
        _role is FollowerRole { Snapshot: { } asked } && snapshot.EndOffset >= asked.EndOffset && snapshot.EndOffset > HighWatermark;

    /// <summary>The driver has replaced its log by a snapshot that <see cref="Ready.Download"/> asked for.</summary>
    /// <param name="snapshot">Its end; nothing happens unless this node <see cref="Awaits"/> it.</param>
    /// <param name="voters">The voters in force at its end.</param>
    /// <param name="nowMs">The time now.</param>
    public void InstallSnapshot(EpochEnd snapshot, VoterSet voters, long nowMs)
    {
        if (Awaits(snapshot))
        {
            _snapshot = snapshot;
            _epochs.Reset(snapshot);
            _voters.Reset(snapshot.EndOffset - 1, voters);
            _logStartOffset = _logEndOffset = HighWatermark = snapshot.EndOffset;
        }

        if (_role is FollowerRole { Snapshot: not null } follower)
        {
            follower.Snapshot = null;
            follower.FetchDeadlineMs = nowMs + _options.FetchTimeoutMs;
            Fetch(follower, nowMs);
        }
    }

    /// <summary>The snapshot that <see cref="Ready.Download"/> asked for could not be had: the leader is asked again.</summary>
    public void SnapshotFailed(long nowMs)
    {
        if (_role is FollowerRole { Snapshot: not null } follower)
        {
            follower.Snapshot = null;
            follower.RetryAtMs = nowMs + _options.RetryMs;
        }
    }

    /// <summary>A part of the snapshot has come: its leader lives, though nothing is fetched from it meanwhile.</summary>
    public void SnapshotProgressed(long nowMs)
    {
        if (_role is FollowerRole { Snapshot: not null } follower)
        {
            follower.FetchDeadlineMs = nowMs + _options.FetchTimeoutMs;
        }
    }

    /// <summary>The driver has written a snapshot of everything below its end, and cuts the log's beginning off.</summary>
    /// <param name="snapshot">Its end; at most the high watermark.</param>
    /// <param name="logStartOffset">The first offset the log still holds; at most the snapshot's end.</param>
    public void SnapshotTaken(EpochEnd snapshot, long logStartOffset)
    {
        Invariant.That(
            snapshot.EndOffset <= HighWatermark && logStartOffset <= snapshot.EndOffset,
            "a snapshot holds committed records, and the log begins at its end or before");
        _snapshot = snapshot;
        _logStartOffset = Math.Max(_logStartOffset, logStartOffset);
        _voters.ForgetBefore(_logStartOffset);
    }

    /// <summary>The voters in force for a log that ends (exclusively) at an offset; for a snapshot of it.</summary>
    public VoterSet VotersAt(long endOffset) => _voters.At(endOffset - 1);

    public override string ToString() =>
        $"node {Id} {_role.GetType().Name} epoch={LeaderEpoch} voted={_state.VotedFor} leader={Leader} "
        + $"log=[{_logStartOffset},{_logEndOffset}) last={_epochs.LastEpoch} high={HighWatermark} voters={Voters}";

    private void Become(RaftRole role)
    {
        Invariant.That(RoleTransitions.IsAllowed(_role, role), "roles change as the table says");
        if (_role is LeaderRole)
        {
            // Records are read from the log as they are sent: by then it may hold another leader's.
            _messages.RemoveAll(message => message is FetchResponse { Outcome: FetchOutcome.Records });
        }

        _role = role;
    }

    /// <summary>Enters a higher epoch, or learns who leads the present one.</summary>
    private void Enter(int leaderEpoch, NodeId? leader)
    {
        Invariant.That(leaderEpoch >= _state.LeaderEpoch, "epochs never go back");
        Invariant.That(
            leaderEpoch > _state.LeaderEpoch || _state.Leader is null || leader is null || _state.Leader == leader,
            "an epoch has one leader");
        _state = new QuorumState(leaderEpoch, leaderEpoch == _state.LeaderEpoch ? _state.VotedFor : null, leader);
    }

    /// <summary>Something is not as it can be among nodes that keep the rules: it changes nothing, and whoever runs this node is told.</summary>
    private void Refuse(RaftMessage message, string reason) =>
        _refusals.Add($"{message.GetType().Name} of node {message.From} is refused: {reason}");

    private void Load(IEnumerable<LogBatch> log)
    {
        var isFirst = true;
        foreach (var batch in log)
        {
            if (isFirst && batch.BaseOffset < _logEndOffset)
            {
                // What the snapshot stands for is in the log too, or its newer part.
                _epochs.Clear();
                _logStartOffset = _logEndOffset = batch.BaseOffset;
            }

            isFirst = false;
            Remember(batch);
        }
    }

    /// <summary>Takes a batch into account that is, or is to be, at the end of the log.</summary>
    private void Remember(LogBatch batch)
    {
        Invariant.That(batch.BaseOffset == _logEndOffset && batch.RecordCount > 0, "a batch continues the log");
        Invariant.That(
            batch.LeaderEpoch >= _epochs.LastEpoch && batch.LeaderEpoch <= _state.LeaderEpoch,
            "epochs in the log never go back, nor ahead of the node's");
        _epochs.Append(batch.LeaderEpoch, batch.BaseOffset);
        _logEndOffset = batch.EndOffset;
        if (batch.Voters is { } voters)
        {
            _voters.Add(batch.BaseOffset, voters);
        }
    }

    private void Append(LogBatch batch)
    {
        Remember(batch);
        _operations.Add(new LogOperation.Append(batch));
    }

    private EpochEnd LogEnd() => new(_epochs.LastEpoch, _logEndOffset);

    private int ElectionTimeout() => _options.ElectionTimeoutMs + _random.Next(_options.ElectionTimeoutMs);

    private void Send(RaftMessage message) => _messages.Add(message);
}
