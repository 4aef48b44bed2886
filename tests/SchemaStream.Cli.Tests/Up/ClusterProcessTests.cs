using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

/// <summary><c>schemastream up --brokers 3</c>: what scripts rely on, with real processes and real kills.</summary>
public sealed class ClusterProcessTests : IDisposable
{
    private const int PerRound = 200;

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Broker_ThatIsKilled_IsTold_IsRestartedByItsCommand_AndNothingIsLost()
    {
        await using var cluster = await ClusterProcess.StartAsync(_data.Path, 3, "--set", "broker.session.timeout.ms=2000");
        cluster.BootstrapServers.Split(',').Length.ShouldBe(3);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = cluster.BootstrapServers, Acks = Acks.All, EnableIdempotence = true, LingerMs = 5,
        }).Build();
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "kept", NumPartitions = 3 }]);
        var acknowledged = await ProduceAsync(producer, "before");
        var leader = await cluster.LeaderOfAsync("kept", 0);
        var killed = cluster.ProcessIdOf(leader);

        await cluster.KillAsync(leader);

        acknowledged.AddRange(await ProduceAsync(producer, "without"));
        (await cluster.LeaderOfAsync("kept", 0)).ShouldNotBe(leader);
        await cluster.UntilAsync(
            () => Task.FromResult(cluster.Log.Contains("ended with exit code 137", StringComparison.Ordinal)), "up tells of it");
        cluster.Log.ShouldContain($"schemastream broker --config {cluster.ConfigOf(leader)}");

        await cluster.RestartAsync(leader);
        cluster.ProcessIdOf(leader).ShouldNotBe(killed);
        acknowledged.AddRange(await ProduceAsync(producer, "after"));
        ReadAll(cluster.BootstrapServers, "kept", 3).ShouldBe(acknowledged.Order(StringComparer.Ordinal));

        (await cluster.StopAsync()).ShouldBe(0, cluster.Log);
        cluster.NodeIds.ShouldAllBe(node => !cluster.HasPidFile(node), "the one started again is stopped too");
    }

    [Fact]
    public async Task Brokers_StopWithTheirUp_ThoughItIsKilled_AndTheNextUpHasAll()
    {
        List<string> acknowledged;
        string[] ports;
        await using (var cluster = await ClusterProcess.StartAsync(_data.Path, 3))
        {
            ports = cluster.BootstrapServers.Split(',');
            using var producer = new ProducerBuilder<string, string>(
                new ProducerConfig { BootstrapServers = cluster.BootstrapServers, Acks = Acks.All }).Build();
            acknowledged = await ProduceAsync(producer, "one");
            await cluster.KillStarterAsync();
        }

        await using var again = await ClusterProcess.StartAsync(_data.Path, 3);
        again.BootstrapServers.Split(',').ShouldBe(ports, "ports are kept");
        ReadAll(again.BootstrapServers, "kept", 1).ShouldBe(acknowledged.Order(StringComparer.Ordinal));
        (await again.StopAsync()).ShouldBe(0, again.Log);
    }

    private static async Task<List<string>> ProduceAsync(IProducer<string, string> producer, string round)
    {
        var sent = Enumerable.Range(0, PerRound).Select(i =>
            producer.ProduceAsync("kept", new Message<string, string> { Key = $"{i}", Value = $"{round}/{i}" }));
        return [.. (await Task.WhenAll(sent)).Select(report => report.Value)];
    }

    private static List<string> ReadAll(string bootstrapServers, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers, GroupId = "reader", EnablePartitionEof = true,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var values = new List<string>();
        while (partitions > 0)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull("no record and no end within 30 s");
            if (result.IsPartitionEOF)
            {
                partitions--;
            }
            else
            {
                values.Add(result.Message.Value);
            }
        }

        return [.. values.Order(StringComparer.Ordinal)];
    }
}
