using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>A replication quota that lanes and fetchers share. While there is no limit, it costs nobody a lock.</summary>
internal sealed class SharedQuota(TimeProvider timeProvider)
{
    private readonly System.Threading.Lock _gate = new();
    private readonly LaneClock _clock = new(timeProvider);
    private readonly ReplicationQuota _quota = new(ReplicationQuota.Unlimited, nowMs: 0);
    private volatile bool _isLimited;

    public bool IsExceeded => DelayMs > 0;

    /// <summary>How long until throttled replicas may take something; 0 when they may now.</summary>
    public long DelayMs
    {
        get
        {
            if (!_isLimited)
            {
                return 0;
            }

            lock (_gate)
            {
                return _quota.DelayMs(_clock.SteadyMs);
            }
        }
    }

    public void SetRate(long bytesPerSecond)
    {
        lock (_gate)
        {
            _quota.SetRate(bytesPerSecond, _clock.SteadyMs);
            _isLimited = bytesPerSecond != ReplicationQuota.Unlimited;
        }
    }

    /// <summary>Notes what a throttled replica took.</summary>
    public void Record(long bytes)
    {
        if (_isLimited && bytes > 0)
        {
            lock (_gate)
            {
                _quota.Record(bytes, _clock.SteadyMs);
            }
        }
    }
}

/// <summary>What this broker may send to, and fetch for, replicas that are throttled.</summary>
internal sealed record ReplicationQuotas(SharedQuota Leader, SharedQuota Follower)
{
    public static ReplicationQuotas Create(TimeProvider timeProvider) => new(new SharedQuota(timeProvider), new SharedQuota(timeProvider));
}
