using System.Globalization;
using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class ConsumerGroupsToolTests : IAsyncLifetime
{
    private const string Tool = "kafka-consumer-groups --bootstrap-server <server_name>";
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(("group.initial.rebalance.delay.ms", "0"));
        await RunAsync("kafka-topics --create --topic orders --partitions 2 --bootstrap-server <server_name>");
        await RunAsync(
            "kafka-console-producer --bootstrap-server <server_name> --topic orders --producer-property partitioner.class=RoundRobinPartitioner",
            string.Concat(Enumerable.Range(0, 10).Select(number => $"{number}\n")));
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task AGroupWithoutMembers_ListedDescribedAndDeleted()
    {
        (await RunAsync(Tool + " --list")).Output.ShouldBe("");
        await ReadAllAsync();

        (await RunAsync(Tool + " --list")).Output.ShouldBe("readers\n");
        (await RunAsync(Tool + " --list --state --type")).Output.ShouldBe(
            "GROUP                     TYPE                 STATE               \n" +
            "readers                   Classic              Empty               \n");
        (await RunAsync(Tool + " --list --state Stable")).Output.ShouldBe("GROUP                     STATE               \n");
        var described = await RunAsync(Tool + " --describe --group readers");
        described.ExitCode.ShouldBe(0);
        described.Errors.ShouldBe("\nConsumer group 'readers' has no active members.\n");
        described.Output.ShouldBe(
            "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID\n" +
            "readers         orders          0          5               5               0               -               -               -\n" +
            "readers         orders          1          5               5               0               -               -               -\n");
        var state = await RunAsync(Tool + " --describe --group readers --state");
        state.Output.ShouldMatch(
            "^\nGROUP           COORDINATOR \\(ID\\)          ASSIGNMENT-STRATEGY  STATE                #MEMBERS\n" +
            "readers         127\\.0\\.0\\.1:\\d+  \\(1\\) +-                    Empty                0\n$");

        var deleted = await RunAsync(Tool + " --delete --group readers");
        deleted.Output.ShouldBe("Deletion of requested consumer groups ('readers') was successful.\n");
        (await RunAsync(Tool + " --list")).Output.ShouldBe("");
        var gone = await RunAsync(Tool + " --describe --group readers");
        (gone.ExitCode, gone.Output).ShouldBe((1, "\nError: Consumer group 'readers' does not exist.\n"));
        var again = await RunAsync(Tool + " --delete --group readers");
        again.ExitCode.ShouldBe(1);
        again.Output.ShouldBe(
            "\nError: Deletion of some consumer groups failed:\n" +
            "* Group 'readers' could not be deleted due to: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.\n");
    }

    [Fact]
    public async Task AGroupWithAMember_IsDescribed_AndNeitherResetNorDeleted()
    {
        await using var reader = RunningTool.Start(
            _broker, "kafka-console-consumer --bootstrap-server <server_name> --topic orders --group readers --from-beginning --consumer-property auto.commit.interval.ms=50");
        await reader.PrintsAsync(output => output.Count(each => each == '\n') == 10, "all is read");

        var described = await Eventually.GetAsync(
            () => RunAsync(Tool + " --describe --group readers"), run => run.Output.Contains(" 5               0 ", StringComparison.Ordinal), "all is committed");
        described.Errors.ShouldBe("");
        var rows = described.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(3);
        rows[1].ShouldMatch("^readers         orders          0          5               5               0               console-consumer-[-0-9a-f]{36} /127\\.0\\.0\\.1 +console-consumer$");
        var members = (await RunAsync(Tool + " --describe --group readers --members --verbose")).Output.Split('\n');
        members[1].ShouldMatch("^GROUP +CONSUMER-ID +HOST +CLIENT-ID +#PARTITIONS +CURRENT-EPOCH +CURRENT-ASSIGNMENT +TARGET-EPOCH +TARGET-ASSIGNMENT *$");
        members[2].ShouldMatch("^readers +console-consumer-\\S+ +/127\\.0\\.0\\.1 +console-consumer +2 +- +orders:0,1 +- +- +$");
        (await RunAsync(Tool + " --describe --group readers --state")).Output.ShouldMatch(" range +Stable +1\n$");

        var reset = await RunAsync(Tool + " --group readers --topic orders --reset-offsets --to-earliest --execute");
        reset.ExitCode.ShouldBe(1);
        reset.Output.ShouldStartWith("\nError: Assignments can only be reset if the group 'readers' is inactive, but the current state is Stable.\n");
        var deleted = await RunAsync(Tool + " --delete --group readers");
        (deleted.ExitCode, deleted.Output).ShouldBe((1,
            "\nError: Deletion of some consumer groups failed:\n" +
            "* Group 'readers' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmptyException: The group is not empty.\n"));
        var offsets = await RunAsync(Tool + " --delete-offsets --group readers --topic orders:1");
        offsets.Output.ShouldBe(
            "\nError: Encountered some partition-level error, see the follow-up details.\n" +
            "\nTOPIC           PARTITION  STATUS         \n" +
            "orders          1          Error: Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.\n");
    }

    [Theory]
    [InlineData("--to-earliest", 0, 0)]
    [InlineData("--to-latest", 5, 5)]
    [InlineData("--to-current", 5, 5)]
    [InlineData("--to-offset 3", 3, 3)]
    [InlineData("--to-offset 99", 5, 5)]
    [InlineData("--shift-by -2", 3, 3)]
    [InlineData("--shift-by -99", 0, 0)]
    [InlineData("--to-datetime 2020-01-01T00:00:00.000", 0, 0)]
    [InlineData("--to-datetime 2020-01-01T00:00:00.000+01:00", 0, 0)]
    [InlineData("--to-datetime 2999-01-01T00:00:00.000", 5, 5)]
    [InlineData("--by-duration P1D", 0, 0)]
    public async Task Reset_ByEachOfItsScopes(string scope, int first, int second)
    {
        await ReadAllAsync();

        var shown = await RunAsync($"{Tool} --group readers --topic orders --reset-offsets {scope} --dry-run");
        var before = await RunAsync(Tool + " --group readers --all-topics --reset-offsets --to-current --dry-run");
        var done = await RunAsync($"{Tool} --group readers --all-topics --reset-offsets {scope} --execute");

        done.ExitCode.ShouldBe(0, done.Errors);
        done.Output.ShouldBe(shown.Output);
        done.Output.ShouldEndWith(Rows(first, second));
        before.Output.ShouldBe(Rows(5, 5), "a dry run changes nothing");
        (await RunAsync(Tool + " --group readers --all-topics --reset-offsets --to-current --dry-run")).Output.ShouldBe(Rows(first, second));
    }

    [Fact]
    public async Task Export_AndFromFile()
    {
        await ReadAllAsync();
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "plan.csv");

        var exported = await RunAsync(Tool + " --group readers --topic orders:1 --reset-offsets --to-offset 2 --export --dry-run");
        exported.Output.ShouldBe("orders,1,2\n\n");
        await File.WriteAllTextAsync(file, exported.Output);
        var reset = await RunAsync($"{Tool} --group readers --reset-offsets --from-file {file} --execute");

        reset.Output.ShouldBe(
            "\nGROUP           TOPIC           PARTITION  NEW-OFFSET\n" +
            "readers         orders          1          2\n");
        (await RunAsync(Tool + " --group readers --all-topics --reset-offsets --to-current --dry-run")).Output.ShouldBe(Rows(5, 2));
    }

    [Fact]
    public async Task DeleteOffsets_ForgetsWhatIsNotRead()
    {
        await ReadAllAsync();

        var run = await RunAsync(Tool + " --delete-offsets --group readers --topic orders:0");

        (run.ExitCode, run.Output).ShouldBe((0,
            "Request succeeded for deleting offsets from group readers.\n" +
            "\nTOPIC           PARTITION  STATUS         \n" +
            "orders          0          Successful     \n"));
        (await RunAsync(Tool + " --describe --group readers")).Output.ShouldNotContain("orders          0 ");
    }

    [Fact]
    public async Task AGroupOfTheNewProtocol_IsDescribedWithEpochsAndTargets()
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = _broker.BootstrapServers, GroupId = "modern", AutoOffsetReset = AutoOffsetReset.Earliest,
            GroupProtocol = GroupProtocol.Consumer, ClientId = "app",
        }).Build();
        consumer.Subscribe("orders");
        using (var limit = new CancellationTokenSource(TestTime.Limit))
        {
            for (var i = 0; i < 10; i++)
            {
                consumer.Consume(limit.Token);
            }
        }

        consumer.Commit();

        (await RunAsync(Tool + " --list --type consumer")).Output.ShouldEndWith("modern                    Consumer            \n");
        (await RunAsync(Tool + " --describe --group modern")).Output.ShouldMatch("modern +orders +1 +5 +5 +0 +\\S+ +/127\\.0\\.0\\.1 +app\n");
        var members = (await RunAsync(Tool + " --describe --group modern --members --verbose")).Output;
        members.ShouldMatch("\nmodern +\\S+ +/127\\.0\\.0\\.1 +app +2 +\\d+ +orders:0,1 +\\d+ +orders:0,1 *\n");
        (await RunAsync(Tool + " --describe --group modern --state --verbose")).Output.ShouldMatch("\nmodern +127\\.0\\.0\\.1:\\d+  \\(1\\) +uniform +Stable +\\d+ +\\d+ +1\n");
    }

    [Theory]
    [InlineData(Tool, "Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets, --validate-regex")]
    [InlineData("kafka-consumer-groups --list", "Missing required argument \"[bootstrap-server]\"")]
    [InlineData(Tool + " --describe", "Option [describe] takes one of these options: [group], [all-groups]")]
    [InlineData(Tool + " --list --members", "Option(s) [members] are unavailable given other options on the command line")]
    [InlineData(Tool + " --reset-offsets --group g --to-earliest --to-latest", "Option \"[to-earliest]\" can't be used with option \"[to-latest]\"")]
    [InlineData(Tool + " --reset-offsets --group g --topic orders --dry-run", "requires one of the following scenarios")]
    [InlineData(Tool + " --reset-offsets --group g --to-earliest --dry-run", "One of the reset scopes should be defined: --all-topics, --topic.")]
    [InlineData(Tool + " --reset-offsets --group g --topic orders --shift-by 1", "Cannot shift offset for partition orders-0 since there is no current committed offset")]
    [InlineData(Tool + " --list --state Sleepy", "Invalid states list 'Sleepy'. Valid states are: ")]
    [InlineData("kafka-consumer-groups --list --bootstrap-server 127.0.0.1:1", "No broker can be reached")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private static string Rows(int first, int second) => string.Create(
        CultureInfo.InvariantCulture,
        $"\nGROUP           TOPIC           PARTITION  NEW-OFFSET\nreaders         orders          0          {first}\nreaders         orders          1          {second}\n");

    private async Task ReadAllAsync()
    {
        var read = await RunAsync(
            "kafka-console-consumer --bootstrap-server <server_name> --topic orders --group readers --from-beginning --max-messages 10");
        read.ExitCode.ShouldBe(0, read.Errors);
    }

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker, line, input);
}
