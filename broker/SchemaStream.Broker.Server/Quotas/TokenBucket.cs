namespace SchemaStream.Broker.Server.Quotas;

/// <summary>
/// As many tokens per second as the limit says, saved up for all windows together. Taking may go below zero, whereupon the
/// next one has to wait: so one large request is possible, and paid for afterwards (KIP-599).
/// </summary>
internal sealed class TokenBucket(QuotaWindows windows)
{
    /// <summary>Below this a debt is only what sums of fractions leave.</summary>
    private const double Nothing = -1e-9;

    private readonly double _burstSeconds = windows.Count * windows.Length.TotalSeconds;
    private double _tokens;
    private double _limit = double.NaN;
    private long _filledAtMs;

    /// <summary>Whether nothing is owed.</summary>
    public bool IsFree(double limit, long nowMs)
    {
        Fill(limit, nowMs);
        return _tokens >= Nothing;
    }

    public void Take(double tokens, double limit, long nowMs)
    {
        Fill(limit, nowMs);
        _tokens -= tokens;
    }

    /// <summary>How long until nothing is owed any more.</summary>
    public double DebtMs(double limit, long nowMs)
    {
        Fill(limit, nowMs);
        return _tokens >= Nothing ? 0 : -_tokens / limit * 1000;
    }

    private void Fill(double limit, long nowMs)
    {
        var burst = limit * _burstSeconds;
        if (double.IsNaN(_limit))
        {
            _tokens = burst;
        }
        else
        {
            _tokens = Math.Min(burst, _tokens + (_limit * (nowMs - _filledAtMs) / 1000));
        }

        (_limit, _filledAtMs) = (limit, nowMs);
    }
}
