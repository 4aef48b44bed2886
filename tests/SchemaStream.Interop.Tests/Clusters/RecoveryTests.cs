using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Clusters;

/// <summary>Two of three nodes are gone with their disks: the survivor serves all data of topics that it has a replica of.</summary>
public sealed class RecoveryTests
{
    private const string Topic = "survivors";

    [Fact]
    public async Task RecoverQuorum_WithTwoOfThreeNodesDeleted_ServesEveryRecord()
    {
        using var data = new TempDirectory();
        string config;
        int acknowledged;
        await using (var cluster = await ClusterProcess.StartAsync(data.Path, brokers: 3))
        {
            await Topics.CreateAsync(cluster.BootstrapServers, Topic, partitions: 4, replicationFactor: 3, minInSync: 2);
            var ledger = new Ledger(cluster.BootstrapServers, Topic);
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await ledger.WriteAsync(enough.Token);
            ledger.Failures.ShouldBeEmpty();
            acknowledged = ledger.Acknowledged;
            acknowledged.ShouldBeGreaterThan(100);
            config = cluster.ConfigOf(1);
            await cluster.KillStarterAsync(); // nothing is written down in order

            Directory.Delete(cluster.DirectoryOf(2), recursive: true);
            Directory.Delete(cluster.DirectoryOf(3), recursive: true);
        }

        var (exitCode, output, errors) = await ProgramProcess.RunAsync("recover-quorum", "--config", config, "--yes");
        exitCode.ShouldBe(0, output + errors);

        await using var node = await ProgramProcess.StartAsync("broker", "--config", config);
        ReadAll(node.ReadyLine["ready kafka=".Length..]).Count.ShouldBeGreaterThanOrEqualTo(acknowledged);
        (await node.StopAsync()).ShouldBe(0, node.Log);
    }

    private static HashSet<string> ReadAll(string bootstrapServers)
    {
        var values = new HashSet<string>();
        Topics.ReadToEnd(bootstrapServers, Topic, record => values.Add(record.Message.Value));
        return values;
    }
}
