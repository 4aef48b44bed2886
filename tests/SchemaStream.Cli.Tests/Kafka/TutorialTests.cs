using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

/// <summary>The command lines of a Kafka tutorial, as it prints them, and what it says of them.</summary>
public sealed class TutorialTests : IAsyncLifetime
{
    private const string Consume =
        "kafka-console-consumer --bootstrap-server <server_name> --topic <topic_name> --formatter kafka.tools.DefaultMessageFormatter " +
        "--property print.key=true --property print.value=true --property print.partition=true --property print.timestamp=true --from-beginning";

    private const string ProduceWithKeys =
        "kafka-console-producer --bootstrap-server <server_name> --topic <topic_name> -property parse.key=true -property key.separator=:";

    private const string Describe = "kafka-consumer-groups --group <group_name> --bootstrap-server <server_name> --describe";

    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync(("group.initial.rebalance.delay.ms", "0"));

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task EveryLine_DoesWhatTheTutorialSays()
    {
        // A topic is created, and listed.
        var created = await RunAsync("kafka-topics --create --topic <topic_name> --partitions 1 --replication-factor 1 --if-not-exists --bootstrap-server <server_name>", topic: "single");
        created.Output.ShouldBe("Created topic single.\n");
        (await RunAsync("kafka-topics --create --topic <topic_name> --partitions 3 --replication-factor 1 --if-not-exists --bootstrap-server <server_name>")).ExitCode.ShouldBe(0);
        (await RunAsync("kafka-topics --list  --bootstrap-server <server_name>")).Output.ShouldBe("demo\nsingle\n");

        // Messages without keys are produced, and all that are in the topic are read.
        (await RunAsync("kafka-console-producer --bootstrap-server <server_name> --topic <topic_name>", "hello\nworld\n", "single")).Output.ShouldBe("");
        var plain = await RunAsync(Consume + " --max-messages 2", topic: "single");
        plain.Output.ShouldMatch("^CreateTime:\\d+\tPartition:0\tnull\thello\nCreateTime:\\d+\tPartition:0\tnull\tworld\n$");

        // The same key goes to the same partition.
        (await RunAsync(ProduceWithKeys, string.Concat(Enumerable.Range(0, 30).Select(number => $"key-{number % 5}:value {number}\n")))).ExitCode.ShouldBe(0);
        var keyed = Records((await RunAsync(Consume + " --max-messages 30")).Output);
        keyed.Count.ShouldBe(30);
        keyed.GroupBy(record => record.Key).ShouldAllBe(key => key.Select(record => record.Partition).Distinct().Count() == 1);

        // One partition is read by itself.
        var inFirst = keyed.Count(record => record.Partition == "Partition:0");
        Records((await RunAsync(Consume + " --partition 0 --timeout-ms 300")).Output).Count.ShouldBe(inFirst);

        // A group reads all, and having committed all it reads nothing from the beginning.
        Records((await RunAsync(Consume + " --group <group_name> --max-messages 30")).Output).Count.ShouldBe(30);
        (await RunAsync(Consume + " --group <group_name> --timeout-ms 300")).Output.ShouldBe("");
        (await RunAsync("kafka-consumer-groups --list --bootstrap-server <server_name>")).Output.Split('\n')
            .Where(group => !group.StartsWith("console-consumer-", StringComparison.Ordinal)).ShouldBe(["readers", ""]); // consumers without a group had one of their own

        // Round robin spreads over all partitions; the group lags behind by as many.
        await RunAsync(
            ProduceWithKeys + " --producer-property partitioner.class=org.apache.kafka.clients.proer.RoundRobinPartitioner",
            string.Concat(Enumerable.Range(0, 9).Select(number => $"same:{number}\n")));
        var rows = Rows((await RunAsync(Describe)).Output);
        rows.Select(row => row[2]).ShouldBe(["0", "1", "2"]);
        rows.ShouldAllBe(row => row[5] == "3");
        rows.Sum(row => int.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(30);
        rows.Sum(row => int.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(39);

        // Reset to the earliest, it reads all again.
        var reset = await RunAsync("kafka-consumer-groups --bootstrap-server <server_name> --group <group_name> --topic <topic_name> --reset-offsets --to-earliest --execute");
        reset.Output.ShouldBe(
            "\nGROUP           TOPIC           PARTITION  NEW-OFFSET\n" +
            string.Join("\n", Enumerable.Range(0, 3).Select(partition => $"readers         demo            {partition}          0")) + "\n");
        Records((await RunAsync(Consume + " --group <group_name> --max-messages 39")).Output).Count.ShouldBe(39);
        Rows((await RunAsync(Describe)).Output).ShouldAllBe(row => row[5] == "0");
    }

    [Fact]
    public async Task ConsumersOfAGroup_ReadFromPartitionsOfTheirOwn()
    {
        await RunAsync("kafka-topics --create --topic <topic_name> --partitions 3 --replication-factor 1 --if-not-exists --bootstrap-server <server_name>");
        var consume = Fill(Consume + " --group <group_name> --consumer-property heartbeat.interval.ms=100", "demo");
        await using var first = RunningTool.Start(_broker, consume);
        await using var second = RunningTool.Start(_broker, consume);
        await using var third = RunningTool.Start(_broker, consume);
        var described = await Eventually.GetAsync(
            () => RunAsync(Describe),
            run => Rows(run.Output) is { Count: 3 } rows && rows.Select(row => row[6]).Distinct().Count() == 3 && rows.All(row => row[6] != "-"),
            "each has a partition");

        await RunAsync(
            "kafka-console-producer --bootstrap-server <server_name> --topic <topic_name> " +
            "--producer-property partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner",
            string.Concat(Enumerable.Range(0, 9).Select(number => $"{number}\n")));

        described.Errors.ShouldBe("");
        var partitions = new List<string>();
        foreach (var consumer in new[] { first, second, third })
        {
            await consumer.PrintsAsync(output => Records(output).Count == 3, "it has read its own");
            partitions.Add(Records(consumer.Output).Select(record => record.Partition).Distinct().ShouldHaveSingleItem());
        }

        partitions.Order().ShouldBe(["Partition:0", "Partition:1", "Partition:2"]);
    }

    private static List<(string Partition, string Key)> Records(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(fields => (fields[1], fields[2]))];

    private static List<string[]> Rows(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static string Fill(string line, string topic) =>
        line.Replace("<topic_name>", topic, StringComparison.Ordinal).Replace("<group_name>", "readers", StringComparison.Ordinal);

    private Task<ToolRun> RunAsync(string line, string input = "", string topic = "demo") => ToolRun.OfAsync(_broker, Fill(line, topic), input);
}
