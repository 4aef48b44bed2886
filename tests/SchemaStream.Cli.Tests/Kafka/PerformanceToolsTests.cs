using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class PerformanceToolsTests : IAsyncLifetime
{
    private const string Produce = "kafka-producer-perf-test --topic orders --num-records 2000 --throughput -1 --producer-props bootstrap.servers=<server_name>";
    private const string Consume = "kafka-consumer-perf-test --bootstrap-server <server_name> --topic orders --messages 2000";
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync(("group.initial.rebalance.delay.ms", "0"));

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task BothReport_InKafkasFormat()
    {
        await RunAsync("kafka-topics --create --topic orders --partitions 3 --bootstrap-server <server_name>");

        var produced = await RunAsync(Produce + " acks=all compression.type=lz4 --record-size 100 --warmup-records 500");

        produced.ExitCode.ShouldBe(0, produced.Errors);
        const string figures = @"\d+\.\d{6} records/sec \(\d+\.\d\d MB/sec\), \d+\.\d\d ms avg latency, \d+\.\d\d ms max latency, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th\.\n";
        produced.Output.ShouldMatch(
            "^Warmup first 500 records\\. Steady state results will print after the complete test summary\\.\n" +
            "2000 records sent, " + figures + "1500 steady state records sent, " + figures + "$");
        var consumed = await RunAsync(Consume);
        consumed.ExitCode.ShouldBe(0, consumed.Errors);
        const string time = @"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}";
        consumed.Output.ShouldMatch(
            "^start\\.time, end\\.time, data\\.consumed\\.in\\.MB, MB\\.sec, data\\.consumed\\.in\\.nMsg, nMsg\\.sec, " +
            "rebalance\\.time\\.ms, fetch\\.time\\.ms, fetch\\.MB\\.sec, fetch\\.nMsg\\.sec\n" +
            $"{time}, {time}, 0\\.1907, \\d+\\.\\d{{4}}, 2000, \\d+\\.\\d{{4}}, \\d+, \\d+, \\d+\\.\\d{{4}}, \\d+\\.\\d{{4}}\n$");
        (await RunAsync(Consume + " --hide-header --show-detailed-stats --reporting-interval 0")).Output.ShouldMatch($"^({time}, 0, [-0-9., ]+\n)+$");
    }

    [Fact]
    public async Task LessThanWasAskedFor_IsSaid()
    {
        (await RunAsync(Produce + " --payload-monotonic")).ExitCode.ShouldBe(0);

        var run = await RunAsync(Consume.Replace("2000", "2001", StringComparison.Ordinal) + " --timeout 300 --hide-header");

        run.Output.ShouldStartWith(
            "WARNING: Exiting before consuming the expected number of messages: timeout (300 ms) exceeded. You can use the --timeout option to increase the timeout.\n");
        run.Output.ShouldContain(", 2000, ");
    }

    [Theory]
    [InlineData(Produce, "one of the arguments --record-size --payload-file --payload-monotonic is required")]
    [InlineData("kafka-producer-perf-test --topic a --num-records 1 --record-size 1", "Missing required argument \"[throughput]\"")]
    [InlineData("kafka-consumer-perf-test --bootstrap-server <server_name> --topic a", "Missing required argument \"[messages]\"")]
    [InlineData(Produce + " --payload-file nowhere", "File does not exist or empty file provided.")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain(said);
    }

    private Task<ToolRun> RunAsync(string line) => ToolRun.OfAsync(_broker, line);
}
