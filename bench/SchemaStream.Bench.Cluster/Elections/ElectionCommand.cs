using System.CommandLine;
using System.Diagnostics;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Cluster.Elections;

/// <summary><c>elections</c>: a broker that leads very many partitions dies; how long until all of them have another leader.</summary>
internal static class ElectionCommand
{
    private const int Brokers = 3;
    private const int PartitionsPerTopic = 1_000;

    public static Command Create()
    {
        var partitions = new Option<int>("--partitions") { Description = "Partitions that the broker leads", DefaultValueFactory = _ => 10_000 };
        var session = new Option<int>("--session-ms") { Description = "broker.session.timeout.ms", DefaultValueFactory = _ => 1_000 };
        var controller = new Option<bool>("--controller") { Description = "Kill the broker that is the active controller too" };
        var command = new Command("elections", "Time from a broker's death until the last partition it led has another leader")
        {
            partitions, session, controller,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetValue(partitions), arguments.GetValue(session), arguments.GetValue(controller), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int partitions, int sessionMs, bool killController, CancellationToken cancellation)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            Brokers,
            $"broker.session.timeout.ms={sessionMs}",
            $"broker.heartbeat.interval.ms={sessionMs / 4}",
            "auto.leader.rebalance.enable=false");
        await using var client = new ClusterClient(cluster.Brokers);
        var controller = await client.ControllerAsync(cancellation);
        var victim = cluster.Brokers.First(broker => (broker.NodeId == controller) == killController).NodeId;
        var topics = await CreateAsync(cluster, client, victim, partitions, cancellation);
        Console.WriteLine($"broker {victim} leads {partitions:N0} partitions; the controller is {controller}");

        var survivors = cluster.Brokers.Where(broker => broker.NodeId != victim).ToArray();
        var start = Stopwatch.GetTimestamp();
        cluster.Kill(victim);
        foreach (var (broker, first, last) in await Task.WhenAll(
            survivors.Select(survivor => WatchAsync(cluster, survivor.NodeId, victim, topics, start, cancellation))))
        {
            Console.WriteLine(
                $"as broker {broker} sees it: first new leader after {first.TotalMilliseconds:F0} ms, "
                + $"all {partitions:N0} after {last.TotalMilliseconds:F0} ms, the elections {(last - first).TotalMilliseconds:F0} ms");
        }

        return 0;
    }

    private static async Task<string[]> CreateAsync(
        ClusterUnderTest cluster, ClusterClient client, int leader, int partitions, CancellationToken cancellation)
    {
        int[] replicas = [leader, .. cluster.Brokers.Select(broker => broker.NodeId).Where(id => id != leader)];
        var topics = new List<string>();
        for (var left = partitions; left > 0; left -= PartitionsPerTopic)
        {
            topics.Add($"elections-{topics.Count}");
            await client.CreateTopicAsync(
                topics[^1], [.. Enumerable.Repeat(replicas, Math.Min(left, PartitionsPerTopic))], cancellation);
        }

        await LedByAsync(client, leader, topics, partitions, cancellation);
        return [.. topics];
    }

    /// <summary>A busy machine may have cost the broker its session while it made the partitions: then it is elected again.</summary>
    private static async Task LedByAsync(
        ClusterClient client, int leader, IReadOnlyCollection<string> topics, int partitions, CancellationToken cancellation)
    {
        while (true)
        {
            await client.InSyncAsync(topics, partitions, cancellation);
            var found = await client.PartitionsAsync(topics, cancellation);
            if (found.TrueForAll(partition => partition.LeaderId == leader && partition.IsrNodes.Count == Brokers))
            {
                return;
            }

            // The preferred ones, of all topics.
            await client.AskAnyAsync(new ElectLeadersRequest { TopicPartitions = null }, 2, cancellation);
        }
    }

    /// <summary>Looks at one survivor's view as fast as it answers. Between two looks lies what a figure is uncertain by.</summary>
    private static async Task<(int Broker, TimeSpan First, TimeSpan Last)> WatchAsync(
        ClusterUnderTest cluster, int broker, int victim, string[] topics, long start, CancellationToken cancellation)
    {
        await using var client = new ClusterClient(cluster.Brokers);
        TimeSpan? first = null;
        while (true)
        {
            var partitions = await client.PartitionsAsync(broker, topics, cancellation);
            var elected = partitions.Count(partition => partition.LeaderId >= 0 && partition.LeaderId != victim);
            if (elected > 0)
            {
                first ??= Stopwatch.GetElapsedTime(start);
            }

            if (elected == partitions.Count)
            {
                return (broker, first!.Value, Stopwatch.GetElapsedTime(start));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }
    }
}
