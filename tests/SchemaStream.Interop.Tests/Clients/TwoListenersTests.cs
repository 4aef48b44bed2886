using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>
/// A broker with a listener inside and one outside, set up by variables as a container is: the clients of each are told
/// that one's address by every API that tells addresses, and everything works for both.
/// </summary>
public sealed class TwoListenersTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly string[] _addresses;
    private ProgramProcess _broker = null!;

    public TwoListenersTests()
    {
        // 'localhost' and '127.0.0.1' are one place under two names, as a container's name and its host's are.
        var ports = FreePorts.Take(2);
        _addresses = [.. new[] { "127.0.0.1", "localhost" }.Select((host, i) => string.Create(CultureInfo.InvariantCulture, $"{host}:{ports[i]}"))];
    }

    public async Task InitializeAsync() => _broker = await ProgramProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["KAFKA_LOG_DIRS"] = Path.Combine(_directory.Path, "data"),
            ["KAFKA_ADVERTISED_LISTENERS"] = $"INTERNAL://{_addresses[0]},EXTERNAL://{_addresses[1]}",
            ["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] = "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT",
            ["KAFKA_INTER_BROKER_LISTENER_NAME"] = "INTERNAL",
            ["KAFKA_ZOOKEEPER_CONNECT"] = "zoo1:2181",
            ["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] = "1",
        },
        "broker");

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ClientsOfAListener_AreToldItsAddress_AndServed(int listener)
    {
        var address = _addresses[listener];
        (await ExternalTool.RunAsync("kcat", ["-L", "-b", address])).ShouldContain($"broker 1 at {address}");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        var cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions());
        cluster.Nodes.Select(node => $"{node.Host}:{node.Port}").ShouldBe([address]);

        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = address }).Build())
        {
            await producer.ProduceAsync("through-both", new Message<Null, string> { Value = address });
        }

        using (var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "both",
            AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        }).Build())
        {
            consumer.Subscribe("through-both");
            consumer.Consume(TestTime.Limit).ShouldNotBeNull().Message.Value.ShouldBe(address);
            consumer.Close();
        }

        var groups = await admin.DescribeConsumerGroupsAsync(["both"]);
        var coordinator = groups.ConsumerGroupDescriptions.ShouldHaveSingleItem().Coordinator;
        $"{coordinator.Host}:{coordinator.Port}".ShouldBe(address);
        _broker.Log.ShouldContain($"INTERNAL://{_addresses[0]}, EXTERNAL://{_addresses[1]}");
    }
}
