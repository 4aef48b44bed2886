using System.Diagnostics;
using System.Globalization;

namespace SchemaStream.Bench.Load.Runs;

/// <summary>From the start of the process to the first acknowledged record, and what the idle process keeps in memory.</summary>
internal static class StartRun
{
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(5);

    public static async Task MeasureAsync(string program, int rounds, Report report, CancellationToken cancellation)
    {
        foreach (var mode in new[] { BrokerMode.Up, BrokerMode.Broker })
        {
            var name = mode == BrokerMode.Up ? "broker and registry" : "broker alone";
            var (ready, first) = (new List<double>(), new List<double>());
            var resident = 0.0;
            for (var round = 0; round <= rounds; round++)
            {
                using var directory = new DataDirectory();
                await using var broker = await BrokerUnderLoad.StartAsync(program, mode, directory.Path, cancellation);
                await RawClient.ProduceFirstAsync(broker, "first", cancellation);
                if (round > 0)
                {
                    // The first one reads the program from disk, and compiles this client.
                    first.Add(Stopwatch.GetElapsedTime(broker.StartedAt).TotalMilliseconds);
                    ready.Add(broker.ReadyAfter.TotalMilliseconds);
                }

                if (round == rounds)
                {
                    await Task.Delay(IdleFor, cancellation);
                    resident = broker.ResidentMegabytes;
                }
            }

            var range = string.Create(CultureInfo.InvariantCulture, $"median of {rounds}, {first.Min():F0} to {first.Max():F0}; ready after {Report.Median(ready):F0}");
            report.Add($"{name}: start to first acknowledged record", Report.Median(first), "ms", mode == BrokerMode.Up ? 250 : null, range);
            report.Add($"{name}: resident memory, idle", resident, "MB", mode == BrokerMode.Up ? 90 : 60);
        }
    }
}
