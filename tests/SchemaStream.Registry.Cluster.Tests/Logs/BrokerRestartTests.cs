using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

public sealed class BrokerRestartTests
{
    [Fact]
    public async Task Registry_WhoseBrokerIsKilledAndComesBack_GoesOnWhereItWas()
    {
        await using var broker = await LoneBroker.StartAsync();
        await using var registry = await Instance.StartAsync(
            $"127.0.0.1:1,{broker.BootstrapServers}", store => store with { WriteTimeout = TimeSpan.FromSeconds(60) });
        (await registry.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);

        await broker.KillAsync();
        var whileDown = registry.RegisterAsync("b-value", Avro.Record("B"));
        (await registry.GetAsync("/schemas/ids/1")).Status.ShouldBe(200, "reads need no broker");
        await broker.StartAgainAsync();

        var (status, body) = await whileDown;
        status.ShouldBe(200, body.ToString());
        body.GetProperty("id").GetInt32().ShouldBe(2);
        (await registry.RegisterAsync("c-value", Avro.Record("C"))).Body.GetProperty("id").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Topic_IsReadByAnyKafkaClient()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var registry = await Instance.StartAsync(broker.BootstrapServers))
        {
            (await registry.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        }

        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers, GroupId = "reader", EnablePartitionEof = true,
        }).Build();
        consumer.Assign(new TopicPartitionOffset("_schemas", 0, Offset.Beginning));
        var keys = new List<string>();
        while (consumer.Consume(TestTime.Limit) is { IsPartitionEOF: false } record)
        {
            keys.Add(record.Message.Key);
        }

        keys.ShouldBe(
        [
            """{"keytype":"NOOP","magic":0}""", """{"keytype":"SCHEMA","subject":"a-value","version":1,"magic":1}""",
        ]);
    }
}
