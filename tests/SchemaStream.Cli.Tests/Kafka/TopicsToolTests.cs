using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class TopicsToolTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Create_List_Describe_AsATutorialHasThem()
    {
        var created = await RunAsync("kafka-topics --create --topic first_topic --partitions 2 --replication-factor 1 --if-not-exists --bootstrap-server <server_name>");
        created.ExitCode.ShouldBe(0, created.Errors);
        created.Output.ShouldBe(
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.\n" +
            "Created topic first_topic.\n");

        (await RunAsync("kafka-topics --list --bootstrap-server <server_name>")).Output.ShouldBe("first_topic\n");

        var described = await RunAsync("kafka-topics --describe --topic first_topic --bootstrap-server <server_name>");
        var lines = described.Output.Split('\n');
        lines[0].ShouldMatch("^Topic: first_topic\tTopicId: [A-Za-z0-9_-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: ");
        lines[1].ShouldBe("\tTopic: first_topic\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: ");
        lines[2].ShouldStartWith("\tTopic: first_topic\tPartition: 1\t");
    }

    [Fact]
    public async Task Create_OfATopicThatIsThere_FailsUnlessToldOtherwise()
    {
        const string line = "kafka-topics --create --topic orders --bootstrap-server <server_name>";
        await RunAsync(line);

        var again = await RunAsync(line);
        again.ExitCode.ShouldBe(1);
        again.Output.ShouldStartWith("Error while executing topic command : ");
        again.Output.ShouldContain("orders");
        var tolerant = await RunAsync(line + " --if-not-exists");
        (tolerant.ExitCode, tolerant.Output).ShouldBe((0, ""));
    }

    [Fact]
    public async Task Alter_RaisesPartitions_Delete_TakesTheTopicAway()
    {
        await RunAsync("kafka-topics --create --topic orders --partitions 1 --config retention.ms=60000 --bootstrap-server <server_name>");

        (await RunAsync("kafka-topics --alter --topic orders --partitions 3 --bootstrap-server <server_name>")).ExitCode.ShouldBe(0);

        var described = await RunAsync("kafka-topics.sh --bootstrap-server=<server_name> -describe --topic ord.*");
        described.Output.ShouldContain("PartitionCount: 3\t");
        described.Output.ShouldContain("retention.ms=60000");
        (await RunAsync("kafka-topics --delete --topic orders --bootstrap-server <server_name>")).ExitCode.ShouldBe(0);
        (await RunAsync("kafka-topics --list --bootstrap-server <server_name>")).Output.ShouldBe("\n");
        var gone = await RunAsync("kafka-topics --describe --topic orders --bootstrap-server <server_name>");
        (gone.ExitCode, gone.Errors.Trim()).ShouldBe((1, "Topic 'orders' does not exist as expected"));
        (await RunAsync("kafka-topics --delete --topic orders --if-exists --bootstrap-server <server_name>")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Describe_ById_AndReportsOfTroubledPartitions()
    {
        await RunAsync("kafka-topics --create --topic orders --partitions 1 --bootstrap-server <server_name>");
        var described = await RunAsync("kafka-topics --describe --topic orders --bootstrap-server <server_name>");
        var id = described.Output.Split("TopicId: ")[1].Split('\t')[0];

        (await RunAsync($"kafka-topics --describe --topic-id {id} --bootstrap-server <server_name>")).Output.ShouldBe(described.Output);
        (await RunAsync("kafka-topics --describe --under-replicated-partitions --bootstrap-server <server_name>")).Output.ShouldBe("");
        (await RunAsync("kafka-topics --describe --at-min-isr-partitions --bootstrap-server <server_name>")).Output
            .ShouldBe("\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: \n");
    }

    [Theory]
    [InlineData("kafka-topics --bootstrap-server <server_name>", "Command must include exactly one action: --list, --describe, --create, --alter or --delete")]
    [InlineData("kafka-topics --list", "--bootstrap-server must be specified")]
    [InlineData("kafka-topics --create --bootstrap-server <server_name>", "Missing required argument \"[topic]\"")]
    [InlineData("kafka-topics --alter --topic a --bootstrap-server <server_name>", "Missing required argument \"[partitions]\"")]
    [InlineData("kafka-topics --list --partitions 3 --bootstrap-server <server_name>", "Option \"[partitions]\" can't be used with option \"[list]\"")]
    [InlineData("kafka-topics --list --zookeeper z:2181 --bootstrap-server <server_name>", "zookeeper is not a recognized option")]
    [InlineData("kafka-topics --create --topic a --partitions x --bootstrap-server <server_name>", "Cannot parse argument 'x' of option partitions")]
    [InlineData("kafka-topics --list --bootstrap-server nowhere", "'nowhere' is no bootstrap server")]
    [InlineData("kafka-topics --list --bootstrap-server 127.0.0.1:1", "No broker can be reached")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain(said);
        run.Output.ShouldBe("");
    }

    [Fact]
    public async Task Help_ShowsTheOptions()
    {
        var run = await RunAsync("kafka-topics --help");

        run.ExitCode.ShouldBe(0);
        run.Errors.ShouldContain("--replication-factor <number>");
    }

    private Task<ToolRun> RunAsync(string line) => ToolRun.OfAsync(_broker, line);
}
