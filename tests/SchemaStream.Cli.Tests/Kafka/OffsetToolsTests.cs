using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class OffsetToolsTests : IAsyncLifetime
{
    private const string Offsets = "kafka-get-offsets --bootstrap-server <server_name>";
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        foreach (var topic in new[] { "orders", "other" })
        {
            await RunAsync($"kafka-topics --create --topic {topic} --partitions 3 --bootstrap-server <server_name>");
        }

        await RunAsync(
            "kafka-console-producer --bootstrap-server <server_name> --topic orders --producer-property partitioner.class=RoundRobinPartitioner",
            string.Concat(Enumerable.Range(0, 12).Select(number => $"{number}\n")));
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Theory]
    [InlineData("--topic orders", "orders:0:4\norders:1:4\norders:2:4\n")]
    [InlineData("--topic orders --time earliest", "orders:0:0\norders:1:0\norders:2:0\n")]
    [InlineData("--topic orders --time -2 --partitions 0,2", "orders:0:0\norders:2:0\n")]
    [InlineData("--topic o.* --partitions 1", "orders:1:4\nother:1:0\n")]
    [InlineData("--topic-partitions orders:1-,other:-1", "orders:1:4\norders:2:4\nother:0:0\n")]
    [InlineData("--topic-partitions ord.*:2", "orders:2:4\n")]
    [InlineData("--topic orders --time 4000000000000", "")]
    public async Task GetOffsets_PrintsTopicPartitionAndOffset(string options, string output)
    {
        var run = await RunAsync($"{Offsets} {options}");

        (run.ExitCode, run.Output, run.Errors).ShouldBe((0, output, ""));
    }

    [Theory]
    [InlineData("--topic nowhere", "Error occurred: Could not match any topic-partitions with the specified filters")]
    [InlineData("--topic orders --topic-partitions orders", "Error occurred: --topic-partitions cannot be used with --topic or --partitions")]
    [InlineData("--time never", "Error occurred: Malformed time argument never.")]
    [InlineData("--partitions a", "Error occurred: --partitions expects a comma separated list of numeric partition ids, but received: a")]
    public async Task GetOffsets_WhatIsWrong_IsSaid(string options, string said)
    {
        var run = await RunAsync($"{Offsets} {options}");

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    [Fact]
    public async Task DeleteRecords_MovesTheBeginning()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "offsets.json");
        await File.WriteAllTextAsync(
            file,
            """{"partitions": [{"topic": "orders", "partition": 0, "offset": 3}, {"topic": "orders", "partition": 1, "offset": -1}, {"topic": "orders", "partition": 2, "offset": 99}], "version": 1}""");

        var run = await RunAsync("kafka-delete-records --bootstrap-server <server_name> --offset-json-file " + file);

        run.ExitCode.ShouldBe(1, "one of them could not be");
        run.Output.ShouldBe(
            "Executing records delete operation\nRecords delete operation completed:\n" +
            "partition: orders-0\tlow_watermark: 3\npartition: orders-1\tlow_watermark: 4\n" +
            "partition: orders-2\terror: org.apache.kafka.common.errors.OffsetOutOfRangeException: OFFSET_OUT_OF_RANGE\n");
        (await RunAsync(Offsets + " --topic orders --time earliest")).Output.ShouldBe("orders:0:3\norders:1:4\norders:2:0\n");
    }

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker, line, input);
}
