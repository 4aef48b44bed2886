using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Bench.Cluster.Wire;

namespace SchemaStream.Bench.Cluster.Throughput;

/// <summary>
/// <c>throughput</c>: producing with acks=all to topics of one and of three replicas in turn, in one run, so that the ratio
/// does not depend on the day. One client for each of three partitions, which are led by a broker each.
/// </summary>
internal static class ThroughputCommand
{
    private const int Brokers = 3;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each topic has its turn", DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "Length of a turn", DefaultValueFactory = _ => 10 };
        var records = new Option<int>("--batch") { Description = "Records of a batch", DefaultValueFactory = _ => 100 };
        var bytes = new Option<int>("--bytes") { Description = "Bytes of a record's value", DefaultValueFactory = _ => 1024 };
        var inFlight = new Option<int>("--in-flight") { Description = "Unanswered requests of a client", DefaultValueFactory = _ => 5 };
        var command = new Command("throughput", "Replicated produce (RF 3, min.insync.replicas 2) against RF 1, and the brokers' CPU time")
        {
            rounds, seconds, records, bytes, inFlight,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetValue(rounds),
            TimeSpan.FromSeconds(arguments.GetValue(seconds)),
            new Load(arguments.GetValue(records), arguments.GetValue(bytes), arguments.GetValue(inFlight)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan length, Load load, CancellationToken cancellation)
    {
        // Old segments go soon: the disk is to hold what the brokers write in a turn, not in the whole run.
        await using var cluster = await ClusterUnderTest.StartAsync(
            Brokers, "log.retention.bytes=1073741824", "log.retention.check.interval.ms=5000", "log.segment.bytes=268435456");
        await using var client = new ClusterClient(cluster.Brokers);
        await client.CreateTopicAsync("rf1", [[1], [2], [3]], cancellation);
        await client.CreateTopicAsync("rf3", [[1, 2, 3], [2, 3, 1], [3, 1, 2]], cancellation);
        await client.InSyncAsync(["rf1", "rf3"], 2 * Brokers, cancellation);
        foreach (var topic in new[] { "rf1", "rf3" })
        {
            await TurnAsync(cluster, topic, TimeSpan.FromSeconds(2), load);
        }

        Console.WriteLine($"{"round",-6} {"RF 1 MB/s",10} {"RF 3 MB/s",10} {"ratio",7} {"RF 1 CPU s/GB",14} {"RF 3 CPU s/GB",14}");
        var turns = new List<(Turn One, Turn Three)>();
        for (var round = 1; round <= rounds; round++)
        {
            turns.Add((await TurnAsync(cluster, "rf1", length, load), await TurnAsync(cluster, "rf3", length, load)));
            Print(round.ToString(CultureInfo.InvariantCulture), turns[^1].One, turns[^1].Three);
            await client.InSyncAsync(["rf3"], Brokers, cancellation);
        }

        Print("median", Median(turns.Select(turn => turn.One)), Median(turns.Select(turn => turn.Three)));
        return 0;
    }

    private static async Task<Turn> TurnAsync(ClusterUnderTest cluster, string topic, TimeSpan length, Load load)
    {
        var batch = Frames.Batch(load.Records, load.ValueBytes);
        var (cpu, start) = (cluster.CpuTime(), Stopwatch.GetTimestamp());
        var clients = cluster.Brokers.Select((broker, partition) => Task.Factory.StartNew(
            () => new ProduceLoad(broker.EndPoint, Frames.Produce(topic, partition, batch, acks: -1), load.InFlight).Run(length),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        var acknowledged = (await Task.WhenAll(clients)).Sum();
        return new Turn(acknowledged * (double)batch.Length, Stopwatch.GetElapsedTime(start), cluster.CpuTime() - cpu);
    }

    private static Turn Median(IEnumerable<Turn> turns)
    {
        var sorted = turns.OrderBy(turn => turn.MegabytesPerSecond).ToList();
        return sorted[sorted.Count / 2];
    }

    private static void Print(string round, Turn one, Turn three) => Console.WriteLine(
        $"{round,-6} {one.MegabytesPerSecond,10:F1} {three.MegabytesPerSecond,10:F1} {three.MegabytesPerSecond / one.MegabytesPerSecond,7:F2} "
        + $"{one.CpuSecondsPerGigabyte,14:F2} {three.CpuSecondsPerGigabyte,14:F2}");

    private sealed record Load(int Records, int ValueBytes, int InFlight);

    private sealed record Turn(double Bytes, TimeSpan Elapsed, TimeSpan Cpu)
    {
        public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;

        public double CpuSecondsPerGigabyte => Cpu.TotalSeconds / (Bytes / 1e9);
    }
}
