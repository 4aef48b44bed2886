using System.Globalization;

namespace SchemaStream.Bench.Load.Runs;

/// <summary>Produce and consume by the stock client: several rounds, each with a topic of its own that is deleted after it.</summary>
internal static class ThroughputRun
{
    private const int AccountedSize = 1024;
    private const double MostProduceCpu = 2.6;
    private const double MostConsumeCpu = 1.0;

    public static async Task MeasureAsync(
        BrokerUnderLoad broker, int[] sizes, int records, int rounds, Report report, CancellationToken cancellation)
    {
        foreach (var size in sizes)
        {
            var (produced, consumed) = (new List<Throughput>(), new List<Throughput>());
            for (var round = 0; round < rounds; round++)
            {
                var topic = $"load-{size}-{round}";
                await Topics.CreateAsync(broker.BootstrapServers, topic);
                produced.Add(Throughput.Produce(broker, topic, size, records, cancellation));
                produced[^1].Print($"produce {size} B, acks=all");
                consumed.Add(Throughput.Consume(broker, topic, records, cancellation));
                consumed[^1].Print($"consume {size} B");
                await Topics.DeleteAsync(broker.BootstrapServers, topic);
            }

            var isAccounted = size == AccountedSize;
            Add(report, $"produce {size} B, acks=all", produced, isAccounted ? MostProduceCpu : null);
            Add(report, $"consume {size} B", consumed, isAccounted ? MostConsumeCpu : null);
        }
    }

    private static void Add(Report report, string run, List<Throughput> rounds, double? mostCpu)
    {
        var cpu = rounds.Select(round => round.CpuSecondsPerGigabyte).ToArray();
        report.Add(
            $"{run}: broker CPU per GB", Report.Median(cpu), "s", mostCpu,
            string.Create(CultureInfo.InvariantCulture, $"median of {rounds.Count}, {cpu.Min():F2} to {cpu.Max():F2}"));
        report.Add($"{run}: rate", Report.Median(rounds.Select(round => round.MegabytesPerSecond)), "MB/s");
    }
}
