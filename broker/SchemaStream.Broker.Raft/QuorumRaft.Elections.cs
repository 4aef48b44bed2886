using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Broker.Raft.Roles;

namespace SchemaStream.Broker.Raft;

/// <content>Who leads: votes, pre-votes, handing over.</content>
public sealed partial class QuorumRaft
{
    /// <summary>Hands leadership to a voter, if this node leads; the others will see a short pause, not a time-out.</summary>
    /// <returns>
    /// False when this node does not lead, or the successor is no other voter, or has not fetched for so long that it may be
    /// gone: no one would follow, and who leads would be left to an election.
    /// </returns>
    public bool TransferLeadership(NodeId successor, long nowMs)
    {
        if (_role is not LeaderRole leader
            || successor == Id
            || !Voters.Contains(successor)
            || leader.Find(successor) is not { } progress
            || nowMs - progress.LastFetchMs >= _options.FetchTimeoutMs)
        {
            return false;
        }

        Resign(leader, successor, nowMs);
        return true;
    }

    /// <summary>Lays leadership down before a stop; the best of the others follows.</summary>
    public void Resign(long nowMs)
    {
        if (_role is LeaderRole leader)
        {
            Resign(leader, null, nowMs);
        }
    }

    /// <summary>
    /// Nothing listens where the leader did: its process is gone, so there is nothing to wait for. Each waits a little of
    /// its own, so that they do not all stand at once; should it be wrong, the others' pre-votes keep the leader in office.
    /// </summary>
    public void LeaderUnreachable(NodeId leader, long nowMs)
    {
        if (_role is FollowerRole follower && follower.Leader == leader && !follower.IsLeaderGone)
        {
            follower.IsLeaderGone = true;
            follower.FetchDeadlineMs = Math.Min(follower.FetchDeadlineMs, nowMs + _random.Next(1 + _options.ElectionTimeoutMs / 10));
        }
    }

    private void OnVoteRequest(VoteRequest request, long nowMs)
    {
        if (!request.IsPreVote && request.LeaderEpoch > LeaderEpoch)
        {
            Enter(request.LeaderEpoch, null);
            Become(new UnattachedRole(nowMs + ElectionTimeout()));
        }

        var granted = request.LeaderEpoch >= LeaderEpoch
            && IsAtLeast(request.LogEnd, LogEnd())
            && (request.IsPreVote ? HearsNoLeader(nowMs) : MayVoteFor(request));
        if (granted && !request.IsPreVote)
        {
            _state = _state with { VotedFor = request.From };
            ((UnattachedRole)_role).DeadlineMs = nowMs + ElectionTimeout();
        }

        Send(new VoteResponse(Id, request.From, LeaderEpoch, request.IsPreVote, granted, Leader));
    }

    private bool MayVoteFor(VoteRequest request) =>
        request.LeaderEpoch == LeaderEpoch
        && _role is UnattachedRole
        && _state.Leader is null
        && (_state.VotedFor is null || _state.VotedFor == request.From || PlantedBug.DoubleVote);

    /// <summary>A node that hears its leader does not help to unseat it: one that was cut off must not disturb the rest.</summary>
    private bool HearsNoLeader(long nowMs) => _role switch
    {
        LeaderRole => false,
        FollowerRole follower => follower.IsLeaderGone || nowMs >= follower.FetchDeadlineMs,
        _ => true,
    };

    /// <summary>A log is newer if its last epoch is higher, or the same and it is longer.</summary>
    private static bool IsAtLeast(EpochEnd theirs, EpochEnd ours) =>
        theirs.LeaderEpoch > ours.LeaderEpoch || (theirs.LeaderEpoch == ours.LeaderEpoch && theirs.EndOffset >= ours.EndOffset);

    private void OnVoteResponse(VoteResponse response, long nowMs)
    {
        // Of this epoch's leader only the leader itself is believed: the others may name one that is gone, to each other, for ever.
        var leader = response.LeaderEpoch > LeaderEpoch || response.Leader == response.From ? response.Leader : null;
        if (LearnFrom(response.LeaderEpoch, leader, nowMs))
        {
            return;
        }

        if (_role is ProspectiveRole && response.Leader is { } named && named != Id && response.LeaderEpoch == LeaderEpoch)
        {
            // It is asked itself. A node whose voters are those of long ago would not hear of it otherwise: a leader makes
            // itself known to its voters, and this one may not be among them any more, nor it among this one's.
            Send(new FetchRequest(Id, named, LeaderEpoch, LogEnd(), HighWatermark));
        }

        if (!response.IsGranted || !Voters.Contains(response.From))
        {
            return;
        }

        switch (_role)
        {
            case ProspectiveRole prospective when response.IsPreVote:
                prospective.Granted.Add(response.From);
                TryBecomeCandidate(prospective, nowMs);
                break;
            case CandidateRole candidate when !response.IsPreVote && response.LeaderEpoch == LeaderEpoch:
                candidate.Granted.Add(response.From);
                TryBecomeLeader(candidate, nowMs);
                break;
        }
    }

    private void OnBeginEpoch(BeginEpochRequest request, long nowMs) => LearnFrom(request.LeaderEpoch, request.From, nowMs);

    private void OnEndEpoch(EndEpochRequest request, long nowMs)
    {
        if (request.LeaderEpoch != LeaderEpoch
            || (Leader ?? request.From) != request.From
            || _role is not (FollowerRole or UnattachedRole)
            || !Voters.Contains(Id))
        {
            return;
        }

        // The first successor stands at once; the others a little later each, should it fail.
        var place = request.Successors.TakeWhile(successor => successor != Id).Count();
        if (place == 0 && request.Successors.Count > 0)
        {
            BecomeCandidate(nowMs);
        }
        else
        {
            _state = _state with { Leader = null };
            Become(new UnattachedRole(nowMs + _options.ElectionTimeoutMs + (long)place * _random.Next(1, _options.ElectionTimeoutMs)));
        }
    }

    /// <summary>Follows what a message says of epoch and leader. True when it changed this node's role.</summary>
    private bool LearnFrom(int leaderEpoch, NodeId? leader, long nowMs)
    {
        if (leaderEpoch < LeaderEpoch || (leaderEpoch == LeaderEpoch && (leader is null || Leader is not null || leader == Id)))
        {
            return false;
        }

        if (leaderEpoch == LeaderEpoch && _state.Leader is { } known && known != leader)
        {
            _refusals.Add($"Node {leader} is said to lead epoch {leaderEpoch}, which node {known} led");
            return false;
        }

        if (leader is { } other && other != Id)
        {
            Enter(leaderEpoch, other);
            var follower = new FollowerRole(other, nowMs + _options.FetchTimeoutMs);
            Become(follower);
            Fetch(follower, nowMs);
        }
        else
        {
            Enter(leaderEpoch, null);
            Become(new UnattachedRole(nowMs + ElectionTimeout()));
        }

        return true;
    }

    private void WaitedLongEnough(long nowMs)
    {
        if (Voters.Contains(Id))
        {
            BecomeProspective(nowMs);
            return;
        }

        // An observer stands for nothing.
        Become(new UnattachedRole(nowMs + _options.RetryMs));
        AskWhoLeads();
    }

    private void AskWhoLeads()
    {
        foreach (var voter in Voters.Nodes.Where(voter => voter != Id))
        {
            Send(new FetchRequest(Id, voter, LeaderEpoch, LogEnd(), HighWatermark));
        }
    }

    private void BecomeProspective(long nowMs)
    {
        var prospective = new ProspectiveRole(nowMs + ElectionTimeout());
        _state = _state with { Leader = null };
        Become(prospective);
        prospective.Granted.Add(Id);
        AskForVotes(isPreVote: true);
        TryBecomeCandidate(prospective, nowMs);
    }

    private void TryBecomeCandidate(ProspectiveRole prospective, long nowMs)
    {
        if (IsMajority(prospective.Granted))
        {
            BecomeCandidate(nowMs);
        }
    }

    private void BecomeCandidate(long nowMs)
    {
        var candidate = new CandidateRole(nowMs + ElectionTimeout());
        _state = new QuorumState(LeaderEpoch + 1, Id, null);
        Become(candidate);
        candidate.Granted.Add(Id);
        AskForVotes(isPreVote: false);
        TryBecomeLeader(candidate, nowMs);
    }

    private void TryBecomeLeader(CandidateRole candidate, long nowMs)
    {
        if (!IsMajority(candidate.Granted))
        {
            return;
        }

        var leader = new LeaderRole(_logEndOffset, nowMs);
        Enter(LeaderEpoch, Id);
        Become(leader);

        // The epoch's first record: once it is committed, so is everything before it. The very first also says who votes,
        // so that from then on the log does, and not each node's configuration.
        var voters = _voters.CurrentOffset < 0 ? Voters : null;
        Append(new LogBatch(_logEndOffset, 1, LeaderEpoch, ReadOnlyMemory<byte>.Empty, voters));
        Announce(leader, nowMs);
        AdvanceHighWatermark(leader, nowMs);
    }

    private void AskForVotes(bool isPreVote)
    {
        foreach (var voter in Voters.Nodes.Where(voter => voter != Id))
        {
            Send(new VoteRequest(Id, voter, LeaderEpoch, isPreVote, LogEnd()));
        }
    }

    private bool IsMajority(IEnumerable<NodeId> granted) => granted.Count(Voters.Contains) >= Voters.Majority;

    private void Resign(LeaderRole leader, NodeId? first, long nowMs)
    {
        var successors = Voters.Nodes
            .Where(voter => voter != Id)
            .OrderByDescending(voter => voter == first)
            .ThenByDescending(voter => leader.Find(voter)?.EndOffset ?? -1)
            .ToList();
        foreach (var voter in successors)
        {
            Send(new EndEpochRequest(Id, voter, LeaderEpoch, successors));
        }

        ReleaseParked(leader);
        Become(new ResignedRole(nowMs + _options.ElectionTimeoutMs + ElectionTimeout()));
    }

    /// <summary>Makes the leader known to the voters that have not fetched from it yet.</summary>
    private void Announce(LeaderRole leader, long nowMs)
    {
        foreach (var voter in Voters.Nodes.Where(voter => voter != Id && (leader.Find(voter)?.EndOffset ?? -1) < 0))
        {
            Send(new BeginEpochRequest(Id, voter, LeaderEpoch));
        }

        leader.AnnounceAtMs = nowMs + _options.RetryMs;
    }
}
