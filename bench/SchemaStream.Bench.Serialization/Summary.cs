using System.Globalization;
using SchemaStream.Bench.Serialization.Cases;

namespace SchemaStream.Bench.Serialization;

/// <summary>A quick run that anyone can hold to the targets: one line per case, within three minutes.</summary>
internal static class Summary
{
    /// <param name="filter">Part of the names to measure; empty for all.</param>
    public static void Print(string filter)
    {
        var meter = new Meter();
        var cases = Formats.All.SelectMany(format => format.All())
            .Where(each => each.Name.Contains(filter, StringComparison.Ordinal));
        foreach (var each in cases)
        {
            var (time, ratio, allocated) = each.Measure(meter);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{each.Name} ns={time:F1} ratio={ratio:F2} target={each.Target:F2} alloc={allocated} allocTarget={each.AllocationTarget}"));
        }
    }
}
