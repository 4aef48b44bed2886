using System.Text.Json;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Clusters;

/// <summary>Registries on a cluster of three brokers, of which one dies: the one that leads their log.</summary>
public sealed class BrokerKillTests
{
    [Fact]
    public async Task Registries_WhoseLogsLeaderIsKilled_GoOnAtTheNextOneWithTheirIds()
    {
        using var directory = new TempDirectory();
        await using var cluster = await ClusterProcess.StartAsync(directory.Path, 3);

        // The cluster brings a registry along: it is alone, until these come.
        await using var one = await Instance.StartAsync(cluster.BootstrapServers, Patient);
        await using var two = await Instance.StartAsync(cluster.BootstrapServers, Patient);
        await RegisterAsync([one, two], from: 1, to: 10);
        await cluster.UntilInSyncAsync("_schemas");
        await cluster.UntilInSyncAsync("_schemastream_contracts");

        await cluster.KillAsync(await cluster.LeaderOfAsync("_schemas", 0));
        await RegisterAsync([one, two], from: 11, to: 20);

        foreach (var instance in new[] { one, two })
        {
            var (_, subjects) = await instance.GetAsync("/subjects");
            subjects.GetArrayLength().ShouldBe(20);
        }
    }

    /// <summary>One after the other, at each by turns: a failure says only that the outcome is not known, so it is asked again.</summary>
    private static async Task RegisterAsync(Instance[] instances, int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            var (_, body) = await Eventually.GetAsync(
                () => instances[i % instances.Length].RegisterAsync($"s{i}-value", Avro.Record($"R{i}")),
                answer => answer.Status == 200,
                $"schema {i} is registered");
            body.GetProperty("id").GetInt32().ShouldBe(i, JsonSerializer.Serialize(body));
        }
    }

    private static KafkaStoreOptions Patient(KafkaStoreOptions store) => store with { WriteTimeout = TestTime.Limit };
}
