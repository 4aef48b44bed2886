using System.Globalization;
using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class ConsoleConsumerToolTests : IAsyncLifetime
{
    private const string Line = "kafka-console-consumer --bootstrap-server <server_name> --topic orders --from-beginning";
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync(("group.initial.rebalance.delay.ms", "0"));

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task FromTheBeginning_UntilThereIsNoMore()
    {
        await CreateAsync(1);
        await ProduceAsync("a:first\nb:second\nc:third\n");

        var run = await RunAsync(Line + " --timeout-ms 300");

        (run.ExitCode, run.Output).ShouldBe((0, "first\nsecond\nthird\n"));
        run.Errors.ShouldBe(
            "ERROR Error processing message, terminating consumer process:  (org.apache.kafka.tools.consumer.ConsoleConsumer)\n" +
            "org.apache.kafka.common.errors.TimeoutException\n" +
            "Processed a total of 3 messages\n");
    }

    [Fact]
    public async Task EveryPropertyThatPrints_InKafkasOrder()
    {
        await CreateAsync(1);
        using (var producer = new ProducerBuilder<string?, string?>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers }).Build())
        {
            await producer.ProduceAsync("orders", new Message<string?, string?>
            {
                Key = "k", Value = "v", Timestamp = new Timestamp(1_700_000_000_123, TimestampType.CreateTime),
                Headers = [new Header("h1", "x"u8.ToArray()), new Header("h2", null)],
            });
            await producer.ProduceAsync("orders", new Message<string?, string?>
            {
                Timestamp = new Timestamp(1_700_000_000_124, TimestampType.CreateTime),
            });
        }

        const string all = " --property print.timestamp=true --property print.partition=true --property print.offset=true"
            + " --property print.headers=true --property print.key=true";
        (await RunAsync(Line + all + " --max-messages 2")).Output.ShouldBe(
            "CreateTime:1700000000123\tPartition:0\tOffset:0\th1:x,h2:null\tk\tv\n" +
            "CreateTime:1700000000124\tPartition:0\tOffset:1\tNO_HEADERS\tnull\tnull\n");
        (await RunAsync(Line + " --max-messages 2 --property print.key=true --property key.separator=: --property line.separator=; --property null.literal=NIL")).Output
            .ShouldBe("k:v;NIL:NIL;");
        (await RunAsync(Line + " --max-messages 1 --property print.key=true --property print.value=false")).Output.ShouldBe("k\n");
        var quiet = await RunAsync(Line + " --max-messages 2 --formatter org.apache.kafka.tools.consumer.NoOpMessageFormatter");
        (quiet.ExitCode, quiet.Output, quiet.Errors).ShouldBe((0, "", "Processed a total of 2 messages\n"));
    }

    [Fact]
    public async Task Deserializers_PrintAsJavaDoes()
    {
        await CreateAsync(1);
        using (var producer = new ProducerBuilder<long, double>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers }).Build())
        {
            foreach (var value in new[] { 0.1, 100, 1e7, 12345678.9, 0.00012, -2.5, double.NaN })
            {
                await producer.ProduceAsync("orders", new Message<long, double> { Key = long.MaxValue, Value = value });
            }
        }

        const string classes = " --property print.key=true --property key.deserializer=org.apache.kafka.common.serialization.LongDeserializer"
            + " --value-deserializer org.apache.kafka.common.serialization.DoubleDeserializer";
        (await RunAsync(Line + classes + " --max-messages 7")).Output.ShouldBe(string.Concat(
            new[] { "0.1", "100.0", "1.0E7", "1.23456789E7", "1.2E-4", "-2.5", "NaN" }.Select(value => $"9223372036854775807\t{value}\n")));
        var wrong = await RunAsync(Line + " --value-deserializer org.apache.kafka.common.serialization.IntegerDeserializer");
        (wrong.ExitCode, wrong.Output).ShouldBe((1, ""));
        wrong.Errors.ShouldContain("Size of data received by IntegerDeserializer is not 4");
        (await RunAsync(Line + " --value-deserializer org.apache.kafka.common.serialization.IntegerDeserializer --skip-message-on-error --max-messages 7"))
            .ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("--partition 1 --offset earliest", "0,1,2,3,4,")]
    [InlineData("--partition 1 --offset 3", "3,4,")]
    [InlineData("--partition 1 --from-beginning", "0,1,2,3,4,")]
    [InlineData("--partition 1", "")]
    [InlineData("--partition 0 --from-beginning", "")]
    public async Task APartition_FromAnOffset(string options, string values)
    {
        await CreateAsync(2);
        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers }).Build())
        {
            for (var i = 0; i < 5; i++)
            {
                await producer.ProduceAsync(new Confluent.Kafka.TopicPartition("orders", 1), new Message<Null, string> { Value = i.ToString(CultureInfo.InvariantCulture) });
            }
        }

        var run = await RunAsync(
            $"kafka-console-consumer --bootstrap-server <server_name> --topic orders {options} --timeout-ms 300 --property line.separator=,");

        (run.ExitCode, run.Output).ShouldBe((0, values));
    }

    [Fact]
    public async Task AGroup_SharesPartitions_CommitsAndGoesOn()
    {
        await CreateAsync(4);
        const string member = Line + " --group readers --consumer-property heartbeat.interval.ms=100 --property print.partition=true";
        await using var first = RunningTool.Start(_broker, member);
        await ProduceAsync(string.Concat(Enumerable.Range(0, 40).Select(number => $"{number}:{number}\n")));
        await first.PrintsAsync(output => Lines(output) == 40, "the first reads all");

        await using var second = RunningTool.Start(_broker, member);
        for (var round = 0; Partitions(second.Output).Count == 0; round++)
        {
            round.ShouldBeLessThan(100, "the second is given nothing");
            await ProduceAsync(string.Concat(Enumerable.Range(0, 40).Select(number => $"{number}:{number}\n")));
        }

        var firstEnd = await first.StopAsync();
        var secondEnd = await second.StopAsync();

        (firstEnd.ExitCode, secondEnd.ExitCode).ShouldBe((0, 0), firstEnd.Errors + secondEnd.Errors);
        firstEnd.Errors.ShouldEndWith($"Processed a total of {Lines(firstEnd.Output)} messages\n");
        Partitions(second.Output).Count.ShouldBeLessThanOrEqualTo(4);
        var rest = await RunAsync(Line + " --group readers --timeout-ms 300");
        var again = await RunAsync(Line + " --group readers --timeout-ms 300");
        rest.ExitCode.ShouldBe(0, rest.Errors);
        again.Output.ShouldBe("", "all is committed: --from-beginning has no effect");
    }

    [Fact]
    public async Task CompressedAndTransactionalRecords()
    {
        await CreateAsync(1);
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
            {
                BootstrapServers = _broker.BootstrapServers, CompressionType = codec, LingerMs = 50,
            }).Build();
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => producer.ProduceAsync("orders", new Message<Null, string> { Value = new string('x', 500) })));
        }

        using (var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers, TransactionalId = "t" }).Build())
        {
            producer.InitTransactions(TestTime.Limit);
            foreach (var (value, isCommit) in new[] { ("aborted", false), ("committed", true) })
            {
                producer.BeginTransaction();
                await producer.ProduceAsync("orders", new Message<Null, string> { Value = value });
                (isCommit ? (Action)producer.CommitTransaction : producer.AbortTransaction)();
            }
        }

        var committed = await RunAsync(Line + " --isolation-level read_committed --timeout-ms 500");
        committed.Output.Split('\n').Count(line => line.Length == 500).ShouldBe(15);
        committed.Output.ShouldEndWith("x\ncommitted\n");
        (await RunAsync(Line + " --max-messages 17")).Output.ShouldEndWith("x\naborted\ncommitted\n");
    }

    [Fact]
    public async Task Included_ByAnExpression_AndTheFormattersOldName()
    {
        foreach (var topic in new[] { "one", "two", "other" })
        {
            await RunAsync("kafka-console-producer --bootstrap-server <server_name> --topic " + topic, topic + "\n");
        }

        var run = await RunAsync(
            "kafka-console-consumer --bootstrap-server <server_name> --include one|two --from-beginning --max-messages 2 --formatter kafka.tools.DefaultMessageFormatter");

        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(["one", "two"]);
        run.Errors.ShouldBe(
            "WARNING: kafka.tools.DefaultMessageFormatter is deprecated and will be removed in the next major release. " +
            "Please use org.apache.kafka.tools.consumer.DefaultMessageFormatter instead\nProcessed a total of 2 messages\n");
    }

    [Theory]
    [InlineData("kafka-console-consumer --bootstrap-server <server_name>", "Exactly one of --include/--topic is required. ")]
    [InlineData("kafka-console-consumer --topic orders", "Missing required argument \"[bootstrap-server]\"")]
    [InlineData(Line + " --offset 3", "The partition is required when offset is specified.")]
    [InlineData(Line + " --partition 0 --offset 3", "Options from-beginning and offset cannot be specified together.")]
    [InlineData(Line + " --partition 0 --group g", "Options group and partition cannot be specified together.")]
    [InlineData(Line + " --group a --consumer-property group.id=b", "Detected group ids: 'a', 'b'")]
    [InlineData("kafka-console-consumer --bootstrap-server <server_name> --topic orders --partition 0 --offset x", "The provided offset value 'x' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.")]
    [InlineData(Line + " --consumer-property auto.offset.reset=latest", "Can't simultaneously specify --from-beginning and 'auto.offset.reset=latest', please remove one option")]
    [InlineData(Line + " --formatter my.Own", "ClassNotFoundException: my.Own")]
    [InlineData("kafka-console-consumer --bootstrap-server 127.0.0.1:1 --topic orders", "No broker can be reached")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private static int Lines(string output) => output.Count(each => each == '\n');

    private static HashSet<string> Partitions(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];

    private Task<ToolRun> CreateAsync(int partitions) =>
        RunAsync($"kafka-topics --create --topic orders --partitions {partitions} --bootstrap-server <server_name>");

    private Task<ToolRun> ProduceAsync(string lines) => RunAsync(
        "kafka-console-producer --bootstrap-server <server_name> --topic orders --property parse.key=true --property key.separator=:", lines);

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker, line, input);
}
