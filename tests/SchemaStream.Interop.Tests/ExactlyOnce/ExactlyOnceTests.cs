using System.Globalization;
using Confluent.Kafka;
using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Interop.Tests.ExactlyOnce;

/// <summary>
/// Consume, transform, produce, with the offsets in the same transaction, while the broker is killed again and again: in the
/// end each record of the one topic has exactly one in the other, to the record, whichever client did it.
/// </summary>
public sealed class ExactlyOnceTests(ITestOutputHelper output)
{
    private const string Input = "before";
    private const string Output = "after";
    private const int Partitions = 3;
    private const int Records = 9_000;
    private const int LeastKills = 3;
    private const int MostKills = 8;
    private const int LargestPartBetweenKills = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public Task Transform_WithConfluentKafka_IsExactlyOnce_ThoughTheBrokerIsKilled() =>
        RunAsync(broker => Task.Run(() => new Transformer(broker, Input, Output, "transformer").Run(Limit)));

    [Fact]
    public Task Transform_WithTheSdk_IsExactlyOnce_ThoughTheBrokerIsKilled() =>
        RunAsync(broker => new SdkTransformer(broker, Input, Output, Partitions, Records).RunAsync(Limit));

    [Fact]
    public Task Transform_WithPythonConfluent_IsExactlyOnce_ThoughTheBrokerIsKilled() =>
        RunAsync(broker => Python.RunAsync("confluent_transformer.py", [broker, Input, Output]));

    [Fact]
    public Task Transform_WithKafkaJs_IsExactlyOnce_ThoughTheBrokerIsKilled() =>
        RunAsync(broker => Tools.Node.RunAsync("kafkajs_transformer.js", broker, Input, Output));

    private async Task RunAsync(Func<string, Task> transform)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? "1", CultureInfo.InvariantCulture);
        output.WriteLine($"CRASH_SEED={seed}");
        var random = new Random(seed);
        await using var broker = await LoneBroker.StartAsync(
            ("offsets.topic.num.partitions", "3"), ("transaction.state.log.num.partitions", "3"));
        await Clusters.Topics.CreateAsync(broker.BootstrapServers, Input, Partitions, replicationFactor: 1, minInSync: 1);
        await Clusters.Topics.CreateAsync(broker.BootstrapServers, Output, Partitions, replicationFactor: 1, minInSync: 1);
        await FillAsync(broker.BootstrapServers);

        var transforming = transform(broker.BootstrapServers);
        var kills = 0;
        while (!transforming.IsCompleted && kills < MostKills)
        {
            var moment = EndOfOutput(broker.BootstrapServers) + random.Next(LargestPartBetweenKills);
            await Eventually.TrueAsync(
                () => transforming.IsCompleted || EndOfOutput(broker.BootstrapServers) > moment, "records are written again");
            if (!transforming.IsCompleted)
            {
                await broker.KillAsync();
                await broker.StartAgainAsync();
                kills++;
            }
        }

        await transforming.WaitAsync(Limit);
        kills.ShouldBeGreaterThanOrEqualTo(LeastKills, "the broker was killed while records were transformed");
        var found = Read(broker.BootstrapServers);
        found.Count.ShouldBe(Records, "records that came out");
        found.Order(StringComparer.Ordinal).ShouldBe(Values().Select(value => $"{value}!").Order(StringComparer.Ordinal));
        output.WriteLine($"{kills} kills, {found.Count} of {Records} records, each once");
        (await broker.StopAsync()).ShouldBe(0, broker.Log);
    }

    private static IEnumerable<string> Values() => Enumerable.Range(0, Records).Select(i => i.ToString("D5", CultureInfo.InvariantCulture));

    private static async Task FillAsync(string bootstrapServers)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 5 }).Build();
        await Task.WhenAll(Values().Select((value, i) => producer.ProduceAsync(
            new Confluent.Kafka.TopicPartition(Input, i % Partitions), new Message<Null, string> { Value = value })));
    }

    private static long EndOfOutput(string bootstrapServers)
    {
        using var consumer = NewReader(bootstrapServers);
        return Enumerable.Range(0, Partitions).Sum(
            partition => consumer.QueryWatermarkOffsets(new Confluent.Kafka.TopicPartition(Output, partition), TestTime.Limit).High.Value);
    }

    /// <summary>All that was committed: to the ends, behind which no transaction is open.</summary>
    private static List<string> Read(string bootstrapServers)
    {
        using var consumer = NewReader(bootstrapServers);
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new Confluent.Kafka.TopicPartitionOffset(Output, partition, Offset.Beginning)));
        var values = new List<string>();
        for (var left = Partitions; left > 0;)
        {
            var result = consumer.Consume(TestTime.Limit) ?? throw new TimeoutException("the topic cannot be read to its end");
            if (result.IsPartitionEOF)
            {
                left--;
            }
            else
            {
                values.Add(result.Message.Value);
            }
        }

        return values;
    }

    private static IConsumer<Ignore, string> NewReader(string bootstrapServers) =>
        new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "reader",
            EnablePartitionEof = true,
            IsolationLevel = Confluent.Kafka.IsolationLevel.ReadCommitted,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
}
