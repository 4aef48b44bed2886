using SchemaStream.Bench.EndToEnd.Contenders;

namespace SchemaStream.Bench.EndToEnd;

/// <summary>What one contender has cost.</summary>
/// <param name="Microseconds">Of this process's CPU per record, on all threads: the median round.</param>
/// <param name="Allocated">Bytes per record.</param>
internal readonly record struct Cost(double Microseconds, double Allocated);

/// <summary>Lets contenders take turns in one process, so that whatever else the machine does falls on all.</summary>
internal static class Turns
{
    private const int Rounds = 9;

    /// <summary>Whole turns before those that count.</summary>
    private const int WarmUps = 2;

    /// <summary>
    /// Short turns before all others: the runtime compiles a method well once it was called sixty times, half of them
    /// watched, and some are called once in a turn.
    /// </summary>
    private const int ShortTurns = 72;
    private const int ShortPart = 50;

    public static async Task<Cost[]> MeasureAsync(int records, params IContender[] contenders)
    {
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var allocated = contenders.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn < ShortTurns; turn++)
        {
            foreach (var contender in contenders)
            {
                await contender.MoveAsync(records / ShortPart);
            }
        }

        for (var round = -WarmUps; round < Rounds; round++)
        {
            for (var index = 0; index < contenders.Length; index++)
            {
                var (bytes, cpu) = (GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
                await contenders[index].MoveAsync(records);
                if (round >= 0)
                {
                    times[index].Add((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / records);
                    allocated[index].Add((GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)records);
                }
            }
        }

        return [.. contenders.Select((_, index) => new Cost(Median(times[index]), Median(allocated[index])))];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
