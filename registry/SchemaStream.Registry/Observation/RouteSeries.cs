namespace SchemaStream.Registry.Observation;

/// <summary>What was measured of one route: counts alone, moved without locks.</summary>
internal sealed class RouteSeries
{
    /// <summary>In seconds; an answer from memory takes tens of microseconds, a write a few milliseconds.</summary>
    public static readonly double[] Bounds = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

    private readonly long[] _buckets = new long[Bounds.Length + 1];
    private readonly long[] _byStatus = new long[600];
    private long _ticks;

    public void Record(int status, TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _buckets[bucket]);
        Interlocked.Increment(ref _byStatus[Math.Clamp(status, 0, _byStatus.Length - 1)]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    public IEnumerable<(int Status, long Count)> ByStatus()
    {
        for (var status = 0; status < _byStatus.Length; status++)
        {
            if (Interlocked.Read(ref _byStatus[status]) is > 0 and var count)
            {
                yield return (status, count);
            }
        }
    }

    public (double SumSeconds, long[] Buckets) Durations() =>
        (TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds, [.. _buckets]);
}
