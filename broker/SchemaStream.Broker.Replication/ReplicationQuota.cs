namespace SchemaStream.Broker.Replication;

/// <summary>
/// Bytes per second that replicas which are moving may take (<c>leader.replication.throttled.rate</c> and
/// <c>follower.replication.throttled.rate</c>), so that a reassignment leaves room for clients. A broker has one for what it
/// sends as a leader and one for what it fetches as a follower. As in Kafka, what is taken is noted after the fact: a fetch
/// may go over the rate, and then nothing more is taken until that is made up for. Members of the ISR are never held back,
/// but what they take counts.
/// </summary>
/// <remarks>Owned by one lane or fetcher at a time; who shares it locks.</remarks>
public sealed class ReplicationQuota
{
    /// <summary>No limit.</summary>
    public const long Unlimited = long.MaxValue;

    // What one second gives may be taken at once, after a rest: as much as Kafka's shortest window allows.
    private const double BurstSeconds = 1;

    // Members of the ISR may go over the rate for hours. Longer than Kafka's windows remember that, no one is made to wait for
    // it, or a replica that moves would not come to its end for as long again.
    private const double LongestDebtSeconds = 10;

    private double _available;
    private long _refilledMs;

    public ReplicationQuota(long bytesPerSecond, long nowMs)
    {
        BytesPerSecond = bytesPerSecond;
        _available = Burst;
        _refilledMs = nowMs;
    }

    public long BytesPerSecond { get; private set; }

    private double Burst => BytesPerSecond * BurstSeconds;

    /// <summary>Whether throttled replicas have to wait. Asked before each of them takes something.</summary>
    public bool IsExceeded(long nowMs)
    {
        if (BytesPerSecond == Unlimited)
        {
            return false;
        }

        Refill(nowMs);
        return _available <= 0;
    }

    /// <summary>Notes what a throttled replica took.</summary>
    public void Record(long bytes, long nowMs)
    {
        if (BytesPerSecond != Unlimited)
        {
            Refill(nowMs);

            // A single fetch is made up for, however large it is next to the rate.
            var longestDebt = Math.Max(BytesPerSecond * LongestDebtSeconds, bytes);
            _available = Math.Min(_available, Math.Max(_available - bytes, -longestDebt));
        }
    }

    /// <summary>How long until throttled replicas may take something; 0 when they may now, never more than a second.</summary>
    public long DelayMs(long nowMs)
    {
        if (!IsExceeded(nowMs))
        {
            return 0;
        }

        const double longestMs = 1000;
        return BytesPerSecond <= 0
            ? (long)longestMs
            : (long)Math.Clamp(Math.Ceiling(-_available * 1000 / BytesPerSecond), 1, longestMs);
    }

    /// <summary>The rate was configured anew. What was taken too much stays taken, as far as the new rate remembers it.</summary>
    public void SetRate(long bytesPerSecond, long nowMs)
    {
        if (bytesPerSecond == BytesPerSecond)
        {
            return;
        }

        if (BytesPerSecond == Unlimited)
        {
            BytesPerSecond = bytesPerSecond;
            (_available, _refilledMs) = (Burst, nowMs);
            return;
        }

        Refill(nowMs);
        BytesPerSecond = bytesPerSecond;
        _available = Math.Clamp(_available, -(bytesPerSecond * LongestDebtSeconds), Burst);
    }

    private void Refill(long nowMs)
    {
        if (nowMs > _refilledMs)
        {
            _available = Math.Min(Burst, _available + (BytesPerSecond * ((nowMs - _refilledMs) / 1000.0)));
            _refilledMs = nowMs;
        }
    }
}
