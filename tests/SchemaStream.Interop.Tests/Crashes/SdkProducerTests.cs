using System.Globalization;
using Confluent.Kafka;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>
/// The SDK's producer while its broker is killed again and again: what it was given is there once and in its order, told by
/// another client, whoever moves the bytes.
/// </summary>
public sealed class SdkProducerTests(ITestOutputHelper output)
{
    private const string Topic = "numbers";
    private const int Partitions = 3;
    private const int Kills = 5;
    private const int RecordsPerKill = 6_000;
    private const int Records = (Kills + 1) * RecordsPerKill;

    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task Produce_WhileTheBrokerIsKilled_WritesEachRecordOnce_InItsOrder(ClientTransport transport)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("CRASH_SEED") ?? "1", CultureInfo.InvariantCulture);
        output.WriteLine($"CRASH_SEED={seed}");
        var random = new Random(seed);
        using var directory = new TempDirectory();
        await using var registry = await ProgramProcess.StartAsync(
            "registry", "--no-environment", "--set", "listeners=http://127.0.0.1:0", "--set", $"schemastream.data.dir={directory.Path}");
        await using var broker = await LoneBroker.StartAsync();
        await Clusters.Topics.CreateAsync(broker.BootstrapServers, Topic, Partitions, replicationFactor: 1, minInSync: 1);
        await using var client = new SchemaStreamClient(new()
        {
            BootstrapServers = broker.BootstrapServers,
            RegistryUrl = new Uri(registry.ReadyLine["ready registry=".Length..].Split(' ')[0]),
            Transport = transport,
        });
        await using var producer = await client.CreateProducerAsync(
            SchemaStream.Topic.Primitive<Nothing, int>(Topic), new ProducerOptions { Linger = TimeSpan.FromMilliseconds(1) });
        var acknowledged = 0;
        for (var kill = 0; kill <= Kills; kill++)
        {
            var moment = acknowledged + random.Next(RecordsPerKill / 2);
            var sending = Enumerable.Range(kill * RecordsPerKill, RecordsPerKill).Select(SendAsync).ToList();
            if (kill < Kills)
            {
                await Eventually.TrueAsync(() => Volatile.Read(ref acknowledged) > moment, "records are written again");
                await broker.KillAsync();
                await broker.StartAgainAsync();
            }

            await Task.WhenAll(sending).WaitAsync(TestTime.Limit);
        }

        for (var partition = 0; partition < Partitions; partition++)
        {
            Read(broker.BootstrapServers, partition).ShouldBe(Enumerable.Range(0, Records).Where(n => n % Partitions == partition));
        }

        (await broker.StopAsync()).ShouldBe(0, broker.Log);

        async Task SendAsync(int n)
        {
            await producer.SendAsync(default, n, new RecordOptions { Partition = n % Partitions });
            Interlocked.Increment(ref acknowledged);
        }
    }

    private static List<int> Read(string bootstrapServers, int partition)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers, GroupId = "reader", EnablePartitionEof = true,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new Confluent.Kafka.TopicPartitionOffset(Topic, partition, Offset.Beginning));
        var values = new List<int>();
        while ((consumer.Consume(TestTime.Limit) ?? throw new TimeoutException("the topic cannot be read to its end")) is { IsPartitionEOF: false } result)
        {
            values.Add(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(result.Message.Value));
        }

        return values;
    }
}
