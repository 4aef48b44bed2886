using System.CommandLine;
using System.Diagnostics;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Bench.Cluster.Throughput;
using SchemaStream.Bench.Cluster.Wire;

namespace SchemaStream.Bench.Cluster.CatchUp;

/// <summary><c>catch-up</c>: a replica is away while its partitions grow; how fast it has what it missed.</summary>
internal static class CatchUpCommand
{
    private const string Topic = "catch-up";
    private const int Brokers = 3;
    private const int Away = 3;
    private const int BatchRecords = 100;
    private const int ValueBytes = 1024;

    public static Command Create()
    {
        var megabytes = new Option<int>("--megabytes") { Description = "What the replica misses", DefaultValueFactory = _ => 2_000 };
        var command = new Command("catch-up", "How fast a replica that was away fetches what it missed") { megabytes };
        command.SetAction((arguments, cancellation) => RunAsync(arguments.GetValue(megabytes) * 1_000_000L, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(long bytes, CancellationToken cancellation)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(Brokers, "auto.leader.rebalance.enable=false");
        await using var client = new ClusterClient(cluster.Brokers);
        await client.CreateTopicAsync(Topic, [[1, 2, 3], [2, 1, 3]], cancellation);
        await client.InSyncAsync([Topic], 2, cancellation);
        var process = cluster.ProcessIdOf(Away);
        await cluster.TellToStopAsync(Away);
        await ClusterUnderTest.EndedAsync(process, cancellation);
        await FillAsync(cluster, bytes);

        var (before, wanted) = (cluster.SegmentBytes(Away, Topic), cluster.SegmentBytes(1, Topic));
        var start = Stopwatch.GetTimestamp();
        var restarting = cluster.RestartAsync(Away);
        var samples = await SampleAsync(cluster, before, wanted, start, cancellation);
        var copied = Stopwatch.GetElapsedTime(start);
        await restarting;
        await client.InSyncAsync([Topic], 2, cancellation);
        var inSync = Stopwatch.GetElapsedTime(start);

        var (from, to) = (samples.First(sample => sample.Share >= 0.1), samples.First(sample => sample.Share >= 0.9));
        var rate = (to.Share - from.Share) * (wanted - before) / 1e6 / (to.After - from.After).TotalSeconds;
        Console.WriteLine($"missed {(wanted - before) / 1e6:F0} MB in 2 partitions of 2 leaders");
        Console.WriteLine($"from 10 % to 90 %: {rate:F0} MB/s");
        Console.WriteLine($"from its start: all copied after {copied.TotalSeconds:F2} s, in sync after {inSync.TotalSeconds:F2} s");
        return 0;
    }

    private static Task FillAsync(ClusterUnderTest cluster, long bytes)
    {
        var batch = Frames.Batch(BatchRecords, ValueBytes);
        var requests = bytes / 2 / batch.Length;
        return Task.WhenAll(cluster.Brokers.Take(2).Select((broker, partition) => Task.Factory.StartNew(
            () => new ProduceLoad(broker.EndPoint, Frames.Produce(Topic, partition, batch, acks: -1), inFlight: 5).Run(requests),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    /// <summary>What share of the missed bytes is in the replica's segments, and when.</summary>
    private static async Task<List<(TimeSpan After, double Share)>> SampleAsync(
        ClusterUnderTest cluster, long before, long wanted, long start, CancellationToken cancellation)
    {
        var samples = new List<(TimeSpan After, double Share)>();
        while (samples.Count == 0 || samples[^1].Share < 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
            var share = (cluster.SegmentBytes(Away, Topic) - before) / (double)(wanted - before);
            samples.Add((Stopwatch.GetElapsedTime(start), share));
        }

        return samples;
    }
}
