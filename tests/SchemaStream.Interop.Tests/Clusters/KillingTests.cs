using System.Diagnostics;
using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Interop.Tests.Clusters;

/// <summary>
/// Three brokers as processes, written to without a pause while leaders and the controller are killed in turn: what was
/// acknowledged is there, once, in its order.
/// </summary>
public sealed class KillingTests(ITestOutputHelper output)
{
    private const string Topic = "ledger";
    private const int Partitions = 6;

    [Fact]
    public Task AcknowledgedRecords_SurviveKilledBrokers() => RunAsync(TimeSpan.FromSeconds(30));

    [Fact]
    [Trait("Category", "Long")]
    public Task AcknowledgedRecords_SurviveThreeMinutesOfKilling() => RunAsync(TimeSpan.FromMinutes(3));

    private async Task RunAsync(TimeSpan duration)
    {
        using var data = new TempDirectory();
        await using var cluster = await ClusterProcess.StartAsync(data.Path, brokers: 3, "--set", "broker.session.timeout.ms=1000");
        await Topics.CreateAsync(cluster.BootstrapServers, Topic, Partitions, replicationFactor: 3, minInSync: 2);
        var ledger = new Ledger(cluster.BootstrapServers, Topic);
        using var stop = new CancellationTokenSource();
        var writing = ledger.WriteAsync(stop.Token);

        var kills = await KillInTurnAsync(cluster, ledger, duration);
        await stop.CancelAsync();
        await writing;

        kills.ShouldBeGreaterThan((int)(duration.TotalSeconds / 15), "a cluster that takes long to heal is seldom killed");
        ledger.Failures.ShouldBeEmpty();
        ledger.Acknowledged.ShouldBeGreaterThan(kills * 100, "records were acknowledged between the kills");
        await ledger.VerifyAsync();
        output.WriteLine($"{kills} kills, {ledger.Acknowledged} records acknowledged");
        await EveryBrokerListsAllAsync(cluster);
        await cluster.StopAsync();
    }

    /// <summary>The leader of a partition, then the controller, then the leader of the next partition, ...</summary>
    private async Task<int> KillInTurnAsync(ClusterProcess cluster, Ledger ledger, TimeSpan duration)
    {
        var kills = 0;
        for (var end = Environment.TickCount64 + (long)duration.TotalMilliseconds; Environment.TickCount64 < end; kills++)
        {
            var victim = kills % 2 == 0
                ? await cluster.LeaderOfAsync(Topic, kills / 2 % Partitions)
                : await cluster.ControllerAsync();
            await cluster.KillAsync(victim);
            var watch = Stopwatch.StartNew();
            var before = ledger.Acknowledged;
            await cluster.UntilAsync(() => Task.FromResult(ledger.Acknowledged > before + 500), "records are acknowledged without the killed broker");
            var written = watch.Elapsed;
            await cluster.RestartAsync(victim);
            var serves = watch.Elapsed;
            await cluster.UntilInSyncAsync(Topic);
            output.WriteLine($"killed {victim}: written to after {written}, serves again after {serves}, in sync after {watch.Elapsed}");
        }

        return kills;
    }

    private static async Task EveryBrokerListsAllAsync(ClusterProcess cluster)
    {
        foreach (var broker in cluster.BootstrapServers.Split(','))
        {
            var listed = await ExternalTool.RunAsync("kcat", ["-L", "-b", broker]);
            listed.ShouldContain(" 3 brokers:");
            listed.ShouldContain($"topic \"{Topic}\" with {Partitions} partitions");
            foreach (var other in cluster.BootstrapServers.Split(','))
            {
                listed.ShouldContain($" at {other}");
            }
        }
    }
}
