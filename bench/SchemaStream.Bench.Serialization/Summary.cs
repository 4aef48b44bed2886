using System.Diagnostics;
using System.Globalization;
using SchemaStream.Bench.Serialization.Cases;

namespace SchemaStream.Bench.Serialization;

/// <summary>
/// A quick run that anyone can hold to the targets: the hand-written code and ours take turns in short rounds, so that
/// whatever else the machine does falls on both, and the lower quartile of each one's rounds is what counts: a round in
/// which another program had the core says nothing.
/// </summary>
internal static class Summary
{
    private const double EncodeTarget = 1.6;
    private const double DecodeTarget = 1.3;
    private const int Rounds = 601;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);

    public static void Print()
    {
        Print(AvroCases.Small());
        Print(AvroCases.Quickstart());
        Print(AvroCases.Order());
        Print(AvroCases.Large());
    }

    private static void Print<T>(AvroCase<T> each)
        where T : class
    {
        PrintLine($"avro-runtime.encode.{each.Name}", each.HandEncode, each.OurEncode, EncodeTarget, allocationTarget: 0);
        PrintLine($"avro-runtime.decode.{each.Name}", each.HandDecode, each.OurDecode, DecodeTarget, Allocated(each.HandDecode));
    }

    private static void PrintLine<T>(string name, Func<T> hand, Func<T> ours, double target, long allocationTarget)
    {
        var operations = Math.Min(Calibrate(hand), Calibrate(ours));
        var (baselines, times) = (new double[Rounds], new double[Rounds]);
        for (var i = 0; i < Rounds; i++)
        {
            baselines[i] = Time(hand, operations);
            times[i] = Time(ours, operations);
        }

        var (baseline, time) = (LowerQuartile(baselines), LowerQuartile(times));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} ns={time:F1} ratio={time / baseline:F2} target={target:F2} alloc={Allocated(ours)} allocTarget={allocationTarget}"));
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

    private static long Allocated<T>(Func<T> work)
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
}
