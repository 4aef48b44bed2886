using System.Globalization;

namespace SchemaStream.Cli.Perf;

/// <summary>What a run of <c>perf</c> measured.</summary>
internal sealed record PerfResult(string Topic, string Kind, long Records, long Bytes, TimeSpan Took, LatencySummary? Latency)
{
    private const double Megabyte = 1_000_000;

    private double Seconds => Math.Max(Took.TotalSeconds, 1e-6);

    public void Tell(CommandContext context)
    {
        context.Output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{Records} records, {Bytes / Megabyte:F1} MB in {Seconds:F2} s: {Records / Seconds:F0} records/s, {Bytes / Megabyte / Seconds:F1} MB/s"));
        if (Latency is { } latency)
        {
            context.Output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"latency in ms: average {latency.Average:F2}, p50 {latency.P50:F2}, p95 {latency.P95:F2}, p99 {latency.P99:F2}, p99.9 {latency.P999:F2}, max {latency.Longest:F2}"));
        }

        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("topic", Topic);
            writer.WriteString("kind", Kind);
            writer.WriteNumber("records", Records);
            writer.WriteNumber("bytes", Bytes);
            writer.WriteNumber("seconds", Math.Round(Seconds, 6));
            writer.WriteNumber("recordsPerSecond", Math.Round(Records / Seconds, 1));
            writer.WriteNumber("megabytesPerSecond", Math.Round(Bytes / Megabyte / Seconds, 3));
            Latency?.Write(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>How far a run is, on a terminal.</summary>
    public static void Progress(CommandContext context, long done, long all, TimeSpan took) => context.Output.Progress(
        string.Create(CultureInfo.InvariantCulture, $"{done} of {all} records, {done / Math.Max(took.TotalSeconds, 0.001):F0}/s"), done, all);
}
