using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Broker.Raft.Roles;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Raft;

/// <content>What is in the log, and from when on it stays.</content>
public sealed partial class QuorumRaft
{
    /// <summary>Appends records, if this node leads.</summary>
    /// <returns>The end offset of the appended batch, committed once the high watermark has reached it; null when another leads.</returns>
    public long? Propose(ReadOnlyMemory<byte> payload, int recordCount, long nowMs)
    {
        if (_role is not LeaderRole leader)
        {
            return null;
        }

        Append(new LogBatch(_logEndOffset, recordCount, LeaderEpoch, payload));
        AnswerParked(leader);
        AdvanceHighWatermark(leader, nowMs);
        return _logEndOffset;
    }

    /// <summary>Adds or removes one voter, or says where voters are reached, if this node leads and no earlier change is under way.</summary>
    public VoterChange ChangeVoters(VoterSet voters, long nowMs)
    {
        if (_role is not LeaderRole leader)
        {
            return VoterChange.NotLeader;
        }

        var changed = voters.Nodes.Except(Voters.Nodes).Union(Voters.Nodes.Except(voters.Nodes));
        if (changed.Count > 1 || voters.Nodes.Count == 0 || voters.Equals(Voters))
        {
            return VoterChange.NotOneVoter;
        }

        // A set in the log counts at once, so the one before must be committed, and this epoch's first record with it:
        // otherwise two majorities without a common member could exist.
        if (_voters.CurrentOffset >= HighWatermark || HighWatermark <= leader.EpochStartOffset)
        {
            return VoterChange.ChangeUnderWay;
        }

        if (changed.Count == 1 && voters.Contains(changed[0]) && (leader.Find(changed[0])?.EndOffset ?? -1) < HighWatermark)
        {
            return VoterChange.NotCaughtUp;
        }

        Append(new LogBatch(_logEndOffset, 1, LeaderEpoch, ReadOnlyMemory<byte>.Empty, voters));
        AnswerParked(leader);
        AdvanceHighWatermark(leader, nowMs);
        return VoterChange.Appended;
    }

    private void OnFetchRequest(FetchRequest request, long nowMs)
    {
        if (request.LeaderEpoch > LeaderEpoch)
        {
            LearnFrom(request.LeaderEpoch, null, nowMs);
        }

        if (_role is not LeaderRole leader
            || request.LeaderEpoch != LeaderEpoch
            || leader.Track(request.From, Voters, _options.MaxObservers) is not { } progress)
        {
            Send(Response(request, FetchOutcome.NotLeader));
            return;
        }

        progress.LastFetchMs = nowMs;
        leader.Parked.Remove(request.From);
        if (request.LogEnd.EndOffset >= _logEndOffset)
        {
            progress.LastCaughtUpMs = nowMs;
        }

        if (request.LogEnd.EndOffset < _logStartOffset && _snapshot is { } snapshot)
        {
            Send(Response(request, FetchOutcome.SnapshotNeeded) with { Snapshot = snapshot });
            return;
        }

        var shared = _epochs.EndOf(request.LogEnd.LeaderEpoch, _logStartOffset, _logEndOffset);
        if (shared.LeaderEpoch == 0 && _snapshot is { } older)
        {
            // They part somewhere in what the snapshot stands for.
            Send(Response(request, FetchOutcome.SnapshotNeeded) with { Snapshot = older });
            return;
        }

        if (shared.LeaderEpoch != request.LogEnd.LeaderEpoch || shared.EndOffset < request.LogEnd.EndOffset)
        {
            Send(Response(request, FetchOutcome.Diverging) with { Divergence = shared });
            return;
        }

        progress.EndOffset = request.LogEnd.EndOffset;
        AdvanceHighWatermark(leader, nowMs);
        if (_role is not LeaderRole)
        {
            Send(Response(request, FetchOutcome.NotLeader)); // it removed itself, and that was just committed
        }
        else if (request.LogEnd.EndOffset < _logEndOffset || request.HighWatermark < HighWatermark)
        {
            Send(Response(request, FetchOutcome.Records));
        }
        else
        {
            leader.Parked[request.From] = (request, nowMs + _options.FetchMaxWaitMs);
        }
    }

    /// <summary>A follower reads this node's snapshot: it lives, though it fetches nothing meanwhile.</summary>
    /// <returns>Whether this node leads that epoch.</returns>
    public bool SnapshotFetched(NodeId follower, int leaderEpoch, long nowMs)
    {
        if (_role is not LeaderRole leader || leaderEpoch != LeaderEpoch)
        {
            return false;
        }

        if (leader.Track(follower, Voters, _options.MaxObservers) is { } progress)
        {
            progress.LastFetchMs = nowMs;
        }

        return true;
    }

    /// <summary>How far everyone is that this leader knows of, itself among them; empty when it does not lead.</summary>
    public IReadOnlyList<ReplicaStatus> Replicas(long nowMs) => _role is not LeaderRole leader
        ? []
        : [.. leader.Known.Union(Voters.Nodes).Order().Select(node => node == Id
            ? new ReplicaStatus(node, _logEndOffset, nowMs, nowMs)
            : leader.Find(node) is { EndOffset: >= 0 } known
                ? new ReplicaStatus(node, known.EndOffset, known.LastFetchMs, known.LastCaughtUpMs)
                : new ReplicaStatus(node, -1, null, null))];

    private void OnFetchResponse(FetchResponse response, long nowMs)
    {
        if (response.Outcome == FetchOutcome.NotLeader)
        {
            if (!LearnFrom(response.LeaderEpoch, response.Leader, nowMs)
                && response.LeaderEpoch == LeaderEpoch && response.Leader != response.From)
            {
                LeaderUnreachable(response.From, nowMs); // it says itself that it leads this epoch no more
            }

            return;
        }

        LearnFrom(response.LeaderEpoch, response.From, nowMs);
        if (_role is not FollowerRole follower
            || follower.Leader != response.From
            || response.LeaderEpoch != LeaderEpoch
            || follower.Snapshot is not null)
        {
            return;
        }

        if (response.LogEnd != LogEnd())
        {
            follower.FetchDeadlineMs = nowMs + _options.FetchTimeoutMs;
            return; // the answer to a question that is no longer open: late, or come twice
        }

        if (FetchResponseCheck.Contradiction(response, LogEnd(), DivergenceOffset(response.Divergence), HighWatermark) is { } reason)
        {
            // Not a sign of life: another leader is to be found if this one goes on like that.
            Refuse(response, reason);
            return;
        }

        follower.FetchDeadlineMs = nowMs + _options.FetchTimeoutMs;
        switch (response.Outcome)
        {
            case FetchOutcome.SnapshotNeeded:
                follower.Snapshot = response.Snapshot;
                _download = (response.From, response.Snapshot);
                return;
            case FetchOutcome.Diverging:
                TruncateTo(response.Divergence);
                break;
            default:
                foreach (var batch in response.Batches)
                {
                    Append(batch);
                }

                HighWatermark = Math.Max(HighWatermark, Math.Min(response.HighWatermark, _logEndOffset));
                break;
        }

        Fetch(follower, nowMs);
    }

    private long DivergenceOffset(EpochEnd leaders) =>
        Math.Min(leaders.EndOffset, _epochs.EndOf(leaders.LeaderEpoch, _logStartOffset, _logEndOffset).EndOffset);

    /// <summary>Cuts the log back to where the leader's and ours may still agree: the end of the epoch, not the high watermark.</summary>
    private void TruncateTo(EpochEnd leaders)
    {
        var offset = DivergenceOffset(leaders);
        Invariant.That(offset >= HighWatermark, "what is committed stays");
        if (offset < _logEndOffset)
        {
            _epochs.TruncateFrom(offset);
            _voters.TruncateFrom(offset);
            _logEndOffset = offset;
            _operations.Add(new LogOperation.Truncate(offset));
        }
    }

    private void Fetch(FollowerRole follower, long nowMs)
    {
        follower.RetryAtMs = nowMs + _options.FetchMaxWaitMs + _options.RetryMs;
        Send(new FetchRequest(Id, follower.Leader, LeaderEpoch, LogEnd(), HighWatermark));
    }

    private void TickFollower(FollowerRole follower, long nowMs)
    {
        if (nowMs >= follower.FetchDeadlineMs)
        {
            if (Voters.Contains(Id))
            {
                BecomeProspective(nowMs);
                return;
            }

            _state = _state with { Leader = null };
            Become(new UnattachedRole(nowMs));
            WaitedLongEnough(nowMs);
        }
        else if (nowMs >= follower.RetryAtMs && follower.Snapshot is null)
        {
            Fetch(follower, nowMs);
        }
    }

    private void TickLeader(LeaderRole leader, long nowMs)
    {
        // Check-quorum: a leader that no majority fetches from is alone, and must not go on answering as if it led.
        var heard = Voters.Nodes.Count(voter =>
            voter == Id || nowMs - (leader.Find(voter)?.LastFetchMs ?? leader.SinceMs) < _options.FetchTimeoutMs);
        if (heard < Voters.Majority)
        {
            Resign(leader, null, nowMs);
            return;
        }

        if (nowMs >= leader.AnnounceAtMs)
        {
            leader.ForgetObservers(Voters, nowMs - _options.ObserverSessionMs);
            Announce(leader, nowMs);
        }

        foreach (var (node, (request, deadlineMs)) in leader.Parked.ToArray())
        {
            if (nowMs >= deadlineMs)
            {
                leader.Parked.Remove(node);
                Send(Response(request, FetchOutcome.Records));
            }
        }
    }

    private void AdvanceHighWatermark(LeaderRole leader, long nowMs)
    {
        var offsets = Voters.Nodes
            .Select(voter => voter == Id ? _logEndOffset : leader.Find(voter)?.EndOffset ?? -1)
            .OrderDescending()
            .ToArray();
        var onMajority = offsets[Voters.Majority - 1];

        // A record of an older epoch on a majority can still be overwritten: only one of this epoch commits, and with
        // it everything before.
        if (onMajority <= HighWatermark || (onMajority <= leader.EpochStartOffset && !PlantedBug.CommitOlderEpochByCounting))
        {
            return;
        }

        HighWatermark = onMajority;
        AnswerParked(leader);
        if (!Voters.Contains(Id) && _voters.CurrentOffset < HighWatermark)
        {
            Resign(leader, null, nowMs);
        }
    }

    /// <summary>There is news: every parked fetch is answered.</summary>
    private void AnswerParked(LeaderRole leader)
    {
        foreach (var (request, _) in leader.Parked.Values)
        {
            Invariant.That(request.LogEnd.EndOffset <= _logEndOffset, "a parked fetch asks for what comes next");
            Send(Response(request, FetchOutcome.Records));
        }

        leader.Parked.Clear();
    }

    private void ReleaseParked(LeaderRole leader)
    {
        foreach (var (request, _) in leader.Parked.Values)
        {
            Send(Response(request, FetchOutcome.NotLeader) with { Leader = null });
        }

        leader.Parked.Clear();
    }

    private FetchResponse Response(FetchRequest request, FetchOutcome outcome) =>
        new(Id, request.From, LeaderEpoch, Leader, request.LogEnd, HighWatermark, outcome);
}
