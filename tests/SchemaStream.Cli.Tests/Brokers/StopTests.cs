using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Brokers;

/// <summary>Stopping, as an operator or an orchestrator does it: in order, within a bound, with an exit code that tells which.</summary>
public sealed class StopTests : IDisposable
{
    private const int Partitions = 300;
    private const string Topic = "busy";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_UnderLoadOnManyPartitions_StopsInOrder_AndLosesNothing(string signal)
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker);
        var acknowledged = 0;
        using (var load = new CancellationTokenSource())
        {
            var producing = ProduceAsync(broker, () => Interlocked.Increment(ref acknowledged), load.Token);
            await Eventually.TrueAsync(() => Volatile.Read(ref acknowledged) > 2_000);

            await ProgramProcess.SignalAsync(signal, broker.Id);

            (await broker.ExitCodeAsync()).ShouldBe(0, broker.Log);
            await load.CancelAsync();
            await producing;
        }

        broker.Log.ShouldContain("has stopped (cleanly: True)");
        await using var again = await StartAsync();
        again.Log.ShouldNotContain("was not closed");
        CountRecords(again).ShouldBeGreaterThanOrEqualTo(acknowledged);
    }

    [Fact]
    public async Task SecondSignal_EndsItAtOnce()
    {
        await using var broker = await StartAsync();
        await CreateTopicAsync(broker);

        await ProgramProcess.SignalAsync(["TERM", "INT"], broker.Id);

        (await broker.ExitCodeAsync()).ShouldBe(3, broker.Log);
        broker.Log.ShouldContain("told to stop again");
        await using var again = await StartAsync();
        (await again.StopAsync()).ShouldBe(0, again.Log);
    }

    [Fact]
    public async Task Stop_ThatIsNotDoneInTime_IsCut()
    {
        await using var broker = await StartAsync("--set", "schemastream.shutdown.timeout.ms=1");
        await CreateTopicAsync(broker);

        (await broker.StopAsync()).ShouldBe(3, broker.Log);

        broker.Log.ShouldContain("schemastream.shutdown.timeout.ms");
        await using var again = await StartAsync();
        (await again.StopAsync()).ShouldBe(0, again.Log);
    }

    [Fact]
    public async Task Signal_WhileItStarts_StopsIt()
    {
        // Its controllers are nowhere: it is never ready.
        var nowhere = FreePorts.Take(1)[0];
        await using var broker = ProgramProcess.Launch(
            "broker", "--set", $"log.dirs={Path.Combine(_directory.Path, "data")}", "--set", "listeners=PLAINTEXT://127.0.0.1:0",
            "--set", "process.roles=broker", "--set", "cluster.id=stopping", "--set", "node.id=2",
            "--set", string.Create(CultureInfo.InvariantCulture, $"controller.quorum.voters=1@127.0.0.1:{nowhere}"),
            "--set", "schemastream.http.listener=127.0.0.1:0");
        await Eventually.TrueAsync(() => broker.Log.Contains("/health/ready", StringComparison.Ordinal));
        var log = broker.Log;
        var health = log[log.IndexOf("http://", StringComparison.Ordinal)..log.IndexOf("/metrics", StringComparison.Ordinal)];
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(health + "/health/live"))).IsSuccessStatusCode.ShouldBeTrue();
        (await (await client.GetAsync(new Uri(health + "/health/ready"))).Content.ReadAsStringAsync()).ShouldContain("the node is starting");

        (await broker.StopAsync()).ShouldBe(0, broker.Log);
    }

    private Task<ProgramProcess> StartAsync(params string[] options) => ProgramProcess.StartAsync(
        ["broker", "--set", $"log.dirs={Path.Combine(_directory.Path, "data")}", "--set", "listeners=PLAINTEXT://127.0.0.1:0", .. options]);

    private static string Address(ProgramProcess broker) => broker.ReadyLine["ready kafka=".Length..];

    private static async Task CreateTopicAsync(ProgramProcess broker)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address(broker) }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = Partitions }]);
    }

    private static async Task ProduceAsync(ProgramProcess broker, Action acknowledged, CancellationToken cancellation)
    {
        using var producer = new ProducerBuilder<int, string>(new ProducerConfig
        {
            BootstrapServers = Address(broker),
            Acks = Acks.All,
            MessageTimeoutMs = 2_000,
            LingerMs = 1,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        await Task.Run(
            () =>
            {
                for (var i = 0; !cancellation.IsCancellationRequested; i++)
                {
                    try
                    {
                        producer.Produce(Topic, new Message<int, string> { Key = i, Value = "x" }, report =>
                        {
                            if (report.Error.Code == ErrorCode.NoError)
                            {
                                acknowledged();
                            }
                        });
                    }
                    catch (ProduceException<int, string>)
                    {
                        producer.Poll(TimeSpan.FromMilliseconds(10)); // its queue is full
                    }
                }

                producer.Flush(TestTime.Limit);
            },
            CancellationToken.None);
    }

    private static long CountRecords(ProgramProcess broker)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Address(broker), GroupId = "count" }).Build();
        return Enumerable.Range(0, Partitions).Sum(partition =>
            consumer.QueryWatermarkOffsets(new Confluent.Kafka.TopicPartition(Topic, partition), TestTime.Limit).High.Value);
    }
}
