namespace SchemaStream.Broker.Replication;

/// <summary>How far one follower has come, as its fetches tell.</summary>
public sealed class ReplicaProgress(int replicaId)
{
    private const long Never = long.MinValue / 2;

    private long _leaderEndOffsetAtLastFetch;
    private long _lastFetchMs = Never;

    public int ReplicaId { get; } = replicaId;

    /// <summary>The offset it asked for last: it has all before. -1 until its first fetch in this leader epoch.</summary>
    public long LogEndOffset { get; private set; } = -1;

    public long LogStartOffset { get; private set; } = -1;

    /// <summary>The registration that its fetches come from; -1 until one told. Outlives leader epochs.</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>When it last had everything the leader had: what replica.lag.time.max.ms is measured from.</summary>
    public long LastCaughtUpMs { get; private set; } = Never;

    /// <summary>Whether the controller would have it in the ISR, when that was last looked at.</summary>
    internal bool MayJoinIsr { get; set; }

    /// <summary>Forgets what another leader epoch saw. A member of the ISR has the benefit of the doubt from now on.</summary>
    public void Reset(long nowMs, bool inIsr)
    {
        LogEndOffset = -1;
        LogStartOffset = -1;
        LastCaughtUpMs = inIsr ? nowMs : Never;
        _leaderEndOffsetAtLastFetch = 0;
        _lastFetchMs = Never;
        MayJoinIsr = false;
    }

    public void OnFetch(long fetchOffset, long followerLogStartOffset, long brokerEpoch, long leaderEndOffset, long nowMs)
    {
        if (fetchOffset >= leaderEndOffset)
        {
            LastCaughtUpMs = Math.Max(LastCaughtUpMs, nowMs);
        }
        else if (fetchOffset >= _leaderEndOffsetAtLastFetch)
        {
            // It now has all that the leader had at the fetch before: under a steady stream it is never quite at the end.
            LastCaughtUpMs = Math.Max(LastCaughtUpMs, _lastFetchMs);
        }

        LogEndOffset = fetchOffset;
        LogStartOffset = followerLogStartOffset;
        BrokerEpoch = Math.Max(BrokerEpoch, brokerEpoch);
        _leaderEndOffsetAtLastFetch = leaderEndOffset;
        _lastFetchMs = nowMs;
    }

    /// <summary>Whether it counts as in sync: at the leader's end, or there within the lag allowed.</summary>
    public bool IsCaughtUp(long leaderEndOffset, long nowMs, long lagTimeMaxMs) =>
        LogEndOffset == leaderEndOffset || nowMs - LastCaughtUpMs <= lagTimeMaxMs;

    /// <summary>It left the ISR: it has to catch up anew before anything waits for it.</summary>
    internal void LeaveIsr() => (LastCaughtUpMs, _lastFetchMs, MayJoinIsr) = (Never, Never, false);

    internal bool HasFetchedSince(long sinceMs) => _lastFetchMs >= sinceMs;
}
