using System.Diagnostics;

namespace SchemaStream.Bench.Serialization;

/// <summary>What was measured of one comparison.</summary>
/// <param name="Nanoseconds">Our time per operation.</param>
/// <param name="Ratio">Ours to the baseline's.</param>
/// <param name="Allocated">Bytes that ours allocates per operation.</param>
internal readonly record struct Measurement(double Nanoseconds, double Ratio, long Allocated);

/// <summary>
/// Lets the baseline and ours take turns in short rounds, so that whatever else the machine does falls on both. The lower
/// quartile of each one's rounds counts: a round in which another program had the core says nothing.
/// </summary>
internal sealed class Meter
{
    private const int Rounds = 601;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);

    public Measurement Compare<T>(Func<T> baseline, Func<T> ours)
    {
        var (baselineOperations, operations) = (Calibrate(baseline), Calibrate(ours));
        var (baselines, times) = (new double[Rounds], new double[Rounds]);
        for (var i = 0; i < Rounds; i++)
        {
            baselines[i] = Time(baseline, baselineOperations);
            times[i] = Time(ours, operations);
        }

        var time = LowerQuartile(times);
        return new Measurement(time, time / LowerQuartile(baselines), Allocated(ours));
    }

    /// <summary>The bytes that one operation allocates.</summary>
    public static long Allocated<T>(Func<T> work)
    {
        const int operations = 1000;
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < operations; i++)
        {
            work();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / operations;
    }

    private static double LowerQuartile(double[] rounds)
    {
        Array.Sort(rounds);
        return rounds[rounds.Length / 4];
    }

    /// <summary>Warms up until the compiler has done its best, and says how many operations fill a round.</summary>
    private static int Calibrate<T>(Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        var count = 0;
        while (watch.Elapsed < WarmUp)
        {
            work();
            count++;
        }

        return Math.Max(1, (int)(count * (Round / WarmUp)));
    }

    private static double Time<T>(Func<T> work, int operations)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < operations; i++)
        {
            work();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }
}
