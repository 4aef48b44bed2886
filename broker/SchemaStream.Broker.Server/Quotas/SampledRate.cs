namespace SchemaStream.Broker.Server.Quotas;

/// <summary>
/// A rate per second over the last windows, as Kafka measures it: what was recorded in them, over the time since the oldest
/// began; but at least over all windows but one, so that a first burst does not look like a rate.
/// </summary>
internal sealed class SampledRate(QuotaWindows windows)
{
    private readonly double[] _sums = new double[windows.Count];
    private readonly long[] _starts = new long[windows.Count];
    private readonly long _windowMs = (long)windows.Length.TotalMilliseconds;
    private int _current;
    private bool _hasBegun;

    public void Record(double value, long nowMs)
    {
        if (!_hasBegun)
        {
            _starts.AsSpan().Fill(long.MinValue);
            (_hasBegun, _starts[_current]) = (true, nowMs);
        }
        else if (nowMs - _starts[_current] >= _windowMs)
        {
            _current = (_current + 1) % _sums.Length;
            (_sums[_current], _starts[_current]) = (0, nowMs);
        }

        _sums[_current] += value;
    }

    /// <summary>Per second.</summary>
    public double Rate(long nowMs) => Sum(nowMs, out var elapsedMs) * 1000 / elapsedMs;

    /// <summary>How long nothing may be recorded until the rate is back at the limit.</summary>
    public double ExcessMs(double limit, long nowMs)
    {
        var rate = Sum(nowMs, out var elapsedMs) * 1000 / elapsedMs;
        return rate <= limit ? 0 : (rate - limit) / limit * elapsedMs;
    }

    private double Sum(long nowMs, out double elapsedMs)
    {
        double sum = 0;
        var oldest = nowMs;
        for (var i = 0; _hasBegun && i < _sums.Length; i++)
        {
            if (_starts[i] != long.MinValue && nowMs - _starts[i] < _windowMs * _sums.Length)
            {
                sum += _sums[i];
                oldest = Math.Min(oldest, _starts[i]);
            }
        }

        elapsedMs = nowMs - oldest;
        var least = _sums.Length - 1;
        var whole = (long)(elapsedMs / _windowMs);
        elapsedMs += whole < least ? (least - whole) * _windowMs : 0;
        elapsedMs = Math.Max(elapsedMs, _windowMs);
        return sum;
    }
}
