using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// A leader's view of its followers: how far each is, which are in sync as far as the controller has said so, and which
/// change of that is asked for. Until the controller's answer is known for sure, whoever may be in the ISR counts for the
/// high watermark: what it was promised to be, and what was asked for.
/// </summary>
internal sealed class InSyncReplicas(int localId)
{
    /// <summary>First wait before an ISR is proposed again; doubles up to <see cref="MaxBackoffMs"/>.</summary>
    private const long BackoffMs = 50;

    private const long MaxBackoffMs = 5_000;

    /// <summary>
    /// For so long after its last fetch the high watermark waits for a follower that is about to join: without that, one
    /// that is never quite at the end of a busy log would never reach the watermark. One that died must not hold it up.
    /// </summary>
    private const long JoiningMs = 1_000;

    private ReplicaProgress[] _followers = [];
    private int[] _isr = [];
    private int[] _maximalIsr = [];
    private IsrProposal? _proposal;
    private bool _isInFlight;
    private long _notBeforeMs = long.MinValue;
    private int _failures;

    /// <summary>As the controller said last.</summary>
    public int[] Isr => _isr;

    public int ReplicaCount => _followers.Length + 1;

    public bool Contains(int replicaId) => Array.IndexOf(_isr, replicaId) >= 0;

    public ReplicaProgress? Find(int replicaId)
    {
        foreach (var follower in _followers)
        {
            if (follower.ReplicaId == replicaId)
            {
                return follower;
            }
        }

        return null;
    }

    /// <summary>Takes what the metadata says; whatever was proposed before cannot be taken any more, or has been.</summary>
    public void Apply(IReadOnlyList<int> replicas, IReadOnlyList<int> isr)
    {
        var followers = new List<ReplicaProgress>(replicas.Count);
        foreach (var id in replicas)
        {
            if (id != localId)
            {
                followers.Add(Find(id) ?? new ReplicaProgress(id));
            }
        }

        _followers = [.. followers];
        Commit(isr);
    }

    /// <summary>Begins a leader epoch: no follower is known to have anything yet.</summary>
    public void Reset(long nowMs)
    {
        foreach (var follower in _followers)
        {
            follower.Reset(nowMs, Contains(follower.ReplicaId));
        }
    }

    public void Clear()
    {
        _followers = [];
        Commit([]);
    }

    /// <summary>What everyone who may be in the ISR has, and who is about to join it; -1 while one of them is unknown.</summary>
    public long CommittedEnd(long leaderEndOffset, long nowMs, long lagTimeMaxMs)
    {
        var committed = leaderEndOffset;
        foreach (var id in _maximalIsr)
        {
            if (id != localId && !PlantedBug.AdvanceWithoutWholeIsr)
            {
                committed = Math.Min(committed, Find(id)?.LogEndOffset ?? -1);
            }
        }

        foreach (var follower in _followers)
        {
            if (follower.MayJoinIsr
                && follower.HasFetchedSince(nowMs - JoiningMs)
                && follower.IsCaughtUp(leaderEndOffset, nowMs, lagTimeMaxMs)
                && Array.IndexOf(_maximalIsr, follower.ReplicaId) < 0)
            {
                committed = Math.Min(committed, follower.LogEndOffset);
            }
        }

        return committed;
    }

    /// <summary>Whether a fetch of this follower is a reason to look at the ISR before the next time it is looked at anyway.</summary>
    public bool IsAboutToJoin(ReplicaProgress follower, long leaderEndOffset, long fromOffset, long nowMs, long lagTimeMaxMs) =>
        _proposal is null
        && nowMs >= _notBeforeMs
        && !Contains(follower.ReplicaId)
        && (follower.LogEndOffset >= fromOffset
            || (!follower.MayJoinIsr && follower.IsCaughtUp(leaderEndOffset, nowMs, lagTimeMaxMs)));

    /// <summary>What to ask the controller for now, or null. Asks for one thing at a time.</summary>
    /// <param name="fromOffset">What a follower needs to join: the high watermark and the leader epoch's beginning.</param>
    public IsrProposal? Propose(
        in ProposalContext context, long leaderEndOffset, long fromOffset, IIsrEligibility eligibility)
    {
        foreach (var follower in _followers)
        {
            follower.MayJoinIsr = !Contains(follower.ReplicaId)
                && eligibility.MayJoinIsr(follower.ReplicaId, follower.BrokerEpoch);
        }

        if (_isInFlight || context.NowMs < _notBeforeMs)
        {
            return null;
        }

        // What was asked for before and not surely refused is asked for again, and nothing else: it may have been granted. The
        // brokers' epochs stay too: one that was registered anew since may have lost what it had when it was proposed.
        var members = _proposal?.NewIsr ?? WantedMembers(context, leaderEndOffset, fromOffset);
        if (members is null)
        {
            return null;
        }

        _proposal = new IsrProposal(context.LeaderEpoch, context.PartitionEpoch, members);
        _isInFlight = true;
        _maximalIsr = [.. _isr.Union(members.Select(member => member.BrokerId))];
        return _proposal;
    }

    /// <summary>
    /// The controller's answer was an error, or there was none. False when the proposal is not the one under way: news
    /// came before.
    /// </summary>
    public bool Failed(IsrProposal proposal, ErrorCode error, long nowMs)
    {
        if (!ReferenceEquals(proposal, _proposal))
        {
            return false;
        }

        _isInFlight = false;
        switch (error)
        {
            // The controller looked at it as of this very partition epoch, and said no.
            case ErrorCode.IneligibleReplica or ErrorCode.InvalidRequest:
                _proposal = null;
                _maximalIsr = _isr;
                Backoff(nowMs);
                break;

            // There is newer metadata than was known here: the proposal was granted before, or never will be. The news
            // settles it; asking again, seldom, is only against news that went astray.
            case ErrorCode.InvalidUpdateVersion or ErrorCode.FencedLeaderEpoch or ErrorCode.NewLeaderElected
                or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId:
                _notBeforeMs = nowMs + MaxBackoffMs;
                break;

            default:
                Backoff(nowMs);
                break;
        }

        return true;
    }

    public bool IsUnderWay(IsrProposal proposal) => ReferenceEquals(proposal, _proposal);

    private void Commit(IReadOnlyList<int> isr)
    {
        foreach (var follower in _followers)
        {
            if (Contains(follower.ReplicaId) && !isr.Contains(follower.ReplicaId))
            {
                follower.LeaveIsr();
            }
        }

        _isr = [.. isr];
        _maximalIsr = _isr;
        _proposal = null;
        _isInFlight = false;
        _failures = 0;
        _notBeforeMs = long.MinValue;
    }

    private void Backoff(long nowMs)
    {
        _notBeforeMs = nowMs + Math.Min(MaxBackoffMs, BackoffMs << Math.Min(_failures, 16));
        _failures++;
    }

    private IsrMember[]? WantedMembers(in ProposalContext context, long leaderEndOffset, long fromOffset)
    {
        var localEpoch = context.LocalBrokerEpoch;
        return WantedIsr(context, leaderEndOffset, fromOffset)?
            .Select(id => new IsrMember(id, id == localId ? localEpoch : Find(id)?.BrokerEpoch ?? -1))
            .ToArray();
    }

    private List<int>? WantedIsr(in ProposalContext context, long leaderEndOffset, long fromOffset)
    {
        List<int>? wanted = null;
        foreach (var follower in _followers)
        {
            var id = follower.ReplicaId;
            if (!Contains(id))
            {
                if (follower.MayJoinIsr && follower.LogEndOffset >= fromOffset)
                {
                    (wanted ??= [.. _isr]).Add(id);
                }
            }
            else if (!follower.IsCaughtUp(leaderEndOffset, context.NowMs, context.LagTimeMaxMs))
            {
                (wanted ??= [.. _isr]).Remove(id);
            }
        }

        return wanted;
    }
}

/// <summary>What a proposal is made as of.</summary>
internal readonly record struct ProposalContext(
    int LeaderEpoch, int PartitionEpoch, long LocalBrokerEpoch, long NowMs, long LagTimeMaxMs);
