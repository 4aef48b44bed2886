using System.CommandLine;
using System.Diagnostics;
using SchemaStream.Bench.Cluster.Clusters;

namespace SchemaStream.Bench.Cluster.Failover;

/// <summary>
/// <c>failover</c>: how long a partition takes no record when its leader is killed, and when it is stopped in order.
/// </summary>
internal static class FailoverCommand
{
    private const string Topic = "failover";
    private const int Brokers = 3;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Kills, and as many stops", DefaultValueFactory = _ => 50 };
        var session = new Option<int>("--session-ms") { Description = "broker.session.timeout.ms", DefaultValueFactory = _ => 1_000 };
        var settings = new Option<string[]>("--set") { Description = "A broker setting, KEY=VALUE; may be repeated", DefaultValueFactory = _ => [] };
        var command = new Command("failover", "Time from the kill, or stop, of a partition's leader to the next acknowledged produce")
        {
            rounds, session, settings,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetValue(rounds), arguments.GetValue(session), arguments.GetRequiredValue(settings), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, int sessionMs, string[] settings, CancellationToken cancellation)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            Brokers, [$"broker.session.timeout.ms={sessionMs}", $"broker.heartbeat.interval.ms={sessionMs / 4}", .. settings]);
        await using var client = new ClusterClient(cluster.Brokers);
        await client.CreateTopicAsync(Topic, [[1, 2, 3]], cancellation);
        await client.InSyncAsync([Topic], 1, cancellation);
        await using var pulse = new Pulse(cluster.Brokers, Topic);
        var kills = new Durations("kill -9 of the leader");
        var controllers = new Durations("kill -9 of the leader that was the controller too");
        var stops = new Durations("stop of the leader, longest gap between acks");
        for (var round = 0; round < rounds; round++)
        {
            var (wasController, killed) = await KillAsync(cluster, client, pulse, cancellation);
            (wasController ? controllers : kills).Add(killed);
            stops.Add(await StopAsync(cluster, client, pulse, cancellation));
        }

        kills.Print();
        controllers.Print();
        stops.Print();
        return 0;
    }

    private static async Task<(bool WasController, TimeSpan Gap)> KillAsync(
        ClusterUnderTest cluster, ClusterClient client, Pulse pulse, CancellationToken cancellation)
    {
        var leader = await SettledLeaderAsync(client, pulse, cancellation);
        var wasController = await client.ControllerAsync(cancellation) == leader;
        var start = Stopwatch.GetTimestamp();
        cluster.Kill(leader);
        var gap = await pulse.NextAfterAsync(start, cancellation);
        Console.WriteLine($"  killed broker {leader}{(wasController ? ", the controller," : "")}: {gap.TotalMilliseconds:F0} ms");
        await cluster.RestartAsync(leader);
        return (wasController, gap);
    }

    private static async Task<TimeSpan> StopAsync(
        ClusterUnderTest cluster, ClusterClient client, Pulse pulse, CancellationToken cancellation)
    {
        var leader = await SettledLeaderAsync(client, pulse, cancellation);
        var process = cluster.ProcessIdOf(leader);
        var start = Stopwatch.GetTimestamp();
        await cluster.TellToStopAsync(leader);
        await ClusterUnderTest.EndedAsync(process, cancellation);
        await pulse.NextAfterAsync(Stopwatch.GetTimestamp(), cancellation);
        var stopped = Stopwatch.GetElapsedTime(start);
        var (began, gap) = pulse.LongestGapSince(start);
        Console.WriteLine(
            $"  stopped broker {leader}, which took {stopped.TotalMilliseconds:F0} ms: "
            + $"no ack for {gap.TotalMilliseconds:F0} ms from {began.TotalMilliseconds:F0} ms on");
        await cluster.RestartAsync(leader);
        return gap;
    }

    /// <summary>The leader, once all is as it should be and records flow.</summary>
    private static async Task<int> SettledLeaderAsync(ClusterClient client, Pulse pulse, CancellationToken cancellation)
    {
        await client.InSyncAsync([Topic], 1, cancellation);
        pulse.Clear();
        await pulse.NextAfterAsync(Stopwatch.GetTimestamp(), cancellation);
        return (await client.PartitionsAsync([Topic], cancellation))[0].LeaderId;
    }
}
