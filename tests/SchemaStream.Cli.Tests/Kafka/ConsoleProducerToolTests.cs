using System.Text;
using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class ConsoleProducerToolTests : IAsyncLifetime
{
    private const string Line = "kafka-console-producer --bootstrap-server <server_name> --topic orders";
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        await RunAsync("kafka-topics --create --topic orders --partitions 3 --bootstrap-server <server_name>");
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Lines_BecomeRecords_AndNothingIsPrinted()
    {
        var run = await RunAsync(Line, "first\nsecond\n\nläst\n");

        (run.ExitCode, run.Output, run.Errors).ShouldBe((0, "", ""));
        Read(4).Select(record => (Text(record.Message.Key), Text(record.Message.Value))).ShouldBe(
            [(null, "first"), (null, "second"), (null, ""), (null, "läst")], ignoreOrder: true);
    }

    [Fact]
    public async Task Keys_AreParsed_AndTheSameKeyGoesToTheSamePartitionAsWithOtherClients()
    {
        var run = await RunAsync(Line + " -property parse.key=true -property key.separator=:", "a:1\nb:2\na:3\nlonger-key:4:5\n");

        run.ExitCode.ShouldBe(0, run.Errors);
        var records = Read(4);
        records.Select(record => (Text(record.Message.Key), Text(record.Message.Value)))
            .ShouldBe([("a", "1"), ("b", "2"), ("a", "3"), ("longer-key", "4:5")], ignoreOrder: true);
        using var other = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = _broker.BootstrapServers, Partitioner = Partitioner.Murmur2Random,
        }).Build();
        foreach (var record in records)
        {
            var theirs = await other.ProduceAsync("orders", new Message<string, string> { Key = Text(record.Message.Key)!, Value = "" });
            record.Partition.ShouldBe(theirs.Partition, $"key {Text(record.Message.Key)}");
        }
    }

    [Fact]
    public async Task Headers_NullMarkers_AndLinesWithoutKey()
    {
        var run = await RunAsync(
            Line + " --property parse.headers=true --property parse.key=true --property null.marker=NULL --property ignore.error=true",
            "h1:v1,h2:NULL\tkey\tvalue\nNULL\tkey\tNULL\nno separator at all\n");

        run.ExitCode.ShouldBe(0, run.Errors);
        var records = Read(3);
        var first = records.Single(record => Text(record.Message.Value) == "value");
        first.Message.Headers.Select(header => (header.Key, Text(header.GetValueBytes()))).ShouldBe([("h1", "v1"), ("h2", null)]);
        var second = records.Single(record => record.Message.Value is null);
        (Text(second.Message.Key), second.Message.Headers.Count).ShouldBe(("key", 0));
        records.ShouldContain(record => Text(record.Message.Value) == "no separator at all" && record.Message.Key == null);
    }

    [Fact]
    public async Task RoundRobin_SpreadsEvenly_HoweverItsClassIsSpelt()
    {
        var run = await RunAsync(
            Line + " --producer-property partitioner.class=org.apache.kafka.clients.proer.RoundRobinPartitioner",
            string.Concat(Enumerable.Range(0, 9).Select(number => $"{number}\n")));

        run.ExitCode.ShouldBe(0, run.Errors);
        Read(9).GroupBy(record => record.Partition.Value).Select(partition => partition.Count()).ShouldBe([3, 3, 3]);
    }

    [Theory]
    [InlineData("--compression-codec")]
    [InlineData("--compression-codec=zstd")]
    [InlineData("--compression-codec lz4 --sync")]
    [InlineData("--request-required-acks 0")]
    [InlineData("--request-required-acks 1 --timeout 10 --batch-size 100")]
    [InlineData("--producer-property acks=1 --producer-property compression.type=snappy")]
    public async Task HoweverTheyAreSent_AllArrive(string options)
    {
        var run = await RunAsync($"{Line} {options}", string.Concat(Enumerable.Range(0, 500).Select(number => $"number {number}\n")));

        run.ExitCode.ShouldBe(0, run.Errors);
        Read(500).Select(record => Text(record.Message.Value)).ShouldBe(Enumerable.Range(0, 500).Select(number => $"number {number}"), ignoreOrder: true);
    }

    [Fact]
    public async Task ATopicThatIsNotThere_IsMade_WithAWarning()
    {
        var run = await RunAsync("kafka-console-producer --broker-list <server_name> --topic brand-new", "hello\n");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldBe("WARN [Producer] Error while fetching metadata: {brand-new=UNKNOWN_TOPIC_OR_PARTITION}\n");
        Text(Read(1, "brand-new")[0].Message.Value).ShouldBe("hello");
    }

    [Theory]
    [InlineData("kafka-console-producer --topic orders", "Missing required argument \"[bootstrap-server]\"")]
    [InlineData("kafka-console-producer --bootstrap-server <server_name>", "Missing required argument \"[topic]\"")]
    [InlineData(Line + " --property parse.key=true --property key.separator=:", "No key separator found on line number 1: 'a line'")]
    [InlineData(Line + " --property parse.key=true --property null.marker=: --property key.separator=:", "null.marker and key.separator may not be equal")]
    [InlineData(Line + " --property nonsense", "Invalid command line properties: nonsense")]
    [InlineData(Line + " --compression-codec brotli", "Unknown compression name: brotli")]
    [InlineData(Line + " --request-required-acks 2", "Invalid value 2 for configuration acks")]
    [InlineData(Line + " --producer-property partitioner.class=my.Own", "Class my.Own could not be found.")]
    [InlineData("kafka-console-producer --bootstrap-server 127.0.0.1:1 --topic orders", "No broker can be reached")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line, "a line\n");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain(said);
        run.Output.ShouldBe("");
    }

    [Fact]
    public async Task ARecordThatTheBrokerRefuses_IsReported_AndTheNextIsSent()
    {
        await RunAsync("kafka-topics --create --topic small --config max.message.bytes=200 --bootstrap-server <server_name>");

        var run = await RunAsync(
            "kafka-console-producer --bootstrap-server <server_name> --topic small --batch-size 100", new string('x', 300) + "\nfine\n");

        run.ExitCode.ShouldBe(0);
        run.Errors.ShouldStartWith(
            "ERROR Error when sending message to topic small with key: null, value: 300 bytes with error: (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)\n");
        Text(Read(1, "small")[0].Message.Value).ShouldBe("fine");
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private List<ConsumeResult<byte[], byte[]>> Read(int count, string topic = "orders")
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = _broker.BootstrapServers, GroupId = "reader", EnableAutoCommit = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, topic == "orders" ? 3 : 1).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        using var limit = new CancellationTokenSource(TestTime.Limit);
        return [.. Enumerable.Range(0, count).Select(_ => consumer.Consume(limit.Token))];
    }

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker, line, input);
}
