using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Quorum;

/// <summary>The quorum of a real cluster, shown, changed, and recovered after the majority is gone.</summary>
public sealed class QuorumCommandTests : IDisposable
{
    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Quorum_IsShown_LosesAVoter_HasItBack_AndChangesItsLeader()
    {
        await using var cluster = await ClusterProcess.StartAsync(_data.Path, 3);
        var leader = await cluster.ControllerAsync();
        var follower = cluster.NodeIds.First(node => node != leader);

        var shown = await QuorumAsync(cluster, "describe");
        shown.ShouldMatch($"LeaderId: +{leader}\n");
        shown.ShouldMatch($"(?m)^{leader} .* Leader ");
        shown.ShouldMatch($"(?m)^{follower} .* Follower ");
        var endpoint = shown.Split('\n').Single(line => line.StartsWith($"{follower} ", StringComparison.Ordinal)).Split(' ')[^1];

        await QuorumAsync(cluster, "remove-voter", "--id", $"{follower}");
        (await QuorumAsync(cluster, "describe")).ShouldMatch($"(?m)^{follower} .* Observer");
        await QuorumAsync(cluster, "add-voter", "--id", $"{follower}", "--endpoint", endpoint);
        (await QuorumAsync(cluster, "describe")).ShouldMatch($"(?m)^{follower} .* Follower ");

        await QuorumAsync(cluster, "transfer", "--id", $"{follower}");
        await cluster.UntilAsync(async () => await cluster.ControllerAsync() == follower, "the successor leads");
        var refused = await ProgramProcess.RunAsync("quorum", "transfer", "--bootstrap-server", cluster.BootstrapServers, "--id", "77");
        (refused.ExitCode, refused.Errors.Contains("77", StringComparison.Ordinal)).ShouldBe((1, true), refused.Errors);

        var dead = cluster.NodeIds.First(node => node != follower);
        await cluster.KillAsync(dead);
        await Eventually.GetAsync(
            () => ProgramProcess.RunAsync("quorum", "transfer", "--bootstrap-server", cluster.BootstrapServers, "--id", $"{dead}"),
            answer => answer.ExitCode == 1 && answer.Errors.Contains("has not been heard of lately", StringComparison.Ordinal),
            "a voter that is gone is not handed the leadership");
        await cluster.StopAsync();
    }

    [Fact]
    public async Task Cluster_ThatCannotBeReached_IsNamed()
    {
        var failed = await ProgramProcess.RunAsync("quorum", "describe", "--bootstrap-server", "127.0.0.1:1");
        failed.ExitCode.ShouldBe(3);
        failed.Errors.ShouldContain("127.0.0.1:1");
        failed.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Survivor_OfThree_ServesAllData_AndTakesNewBrokersIn()
    {
        const int records = 300;
        string config;
        await using (var cluster = await ClusterProcess.StartAsync(_data.Path, 3))
        {
            config = cluster.ConfigOf(1);
            using var producer = new ProducerBuilder<Null, string>(
                new ProducerConfig { BootstrapServers = cluster.BootstrapServers, Acks = Acks.All }).Build();
            var sent = Enumerable.Range(0, records).Select(i => producer.ProduceAsync("kept", new Message<Null, string> { Value = $"{i}" }));
            await Task.WhenAll(sent);

            var running = await ProgramProcess.RunAsync("recover-quorum", "--config", config, "--yes");
            running.ExitCode.ShouldBe(1);
            running.Errors.ShouldContain("in use by another process");

            foreach (var node in cluster.NodeIds)
            {
                await cluster.KillAsync(node);
            }

            Directory.Delete(cluster.DirectoryOf(2), recursive: true);
            Directory.Delete(cluster.DirectoryOf(3), recursive: true);
        }

        var asked = await ProgramProcess.RunAsync("recover-quorum", "--config", config);
        asked.ExitCode.ShouldBe(2);
        asked.Output.ShouldContain("No longer voters: 2, 3");
        asked.Errors.ShouldContain("--yes");
        var looked = await ProgramProcess.RunAsync("recover-quorum", "--config", config, "--dry-run");
        (looked.ExitCode, looked.Output, looked.Errors).ShouldBe((0, asked.Output, ""));
        (await File.ReadAllTextAsync(config)).ShouldContain("2@");

        var recovered = await ProgramProcess.RunAsync("recover-quorum", "--config", config, "--yes");
        recovered.ExitCode.ShouldBe(0, recovered.Errors);
        (await File.ReadAllTextAsync(config)).ShouldNotContain("2@");

        await using (var survivor = await ProgramProcess.StartAsync("broker", "--config", config))
        {
            var address = survivor.ReadyLine["ready kafka=".Length..];
            ReadAll(address, "kept").ShouldBe(Enumerable.Range(0, records).Select(i => $"{i}"));
            (await survivor.StopAsync()).ShouldBe(0, survivor.Log);
        }

        await using var again = await ClusterProcess.StartAsync(_data.Path, 3);
        await again.UntilInSyncAsync("kept");
        (await QuorumAsync(again, "describe")).ShouldMatch("(?m)^2 .* Observer");
        ReadAll(again.BootstrapServers, "kept").Count.ShouldBe(records);
        (await again.StopAsync()).ShouldBe(0, again.Log);
    }

    private static async Task<string> QuorumAsync(ClusterProcess cluster, string command, params string[] options)
    {
        var done = await ProgramProcess.RunAsync(["quorum", command, "--bootstrap-server", cluster.BootstrapServers, .. options]);
        done.ExitCode.ShouldBe(0, done.Errors + cluster.Log);
        return done.Output;
    }

    private static List<string> ReadAll(string bootstrapServers, string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers, GroupId = "reader", EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var values = new List<string>();
        while (true)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull("no record and no end within 30 s");
            if (result.IsPartitionEOF)
            {
                return values;
            }

            values.Add(result.Message.Value);
        }
    }
}
