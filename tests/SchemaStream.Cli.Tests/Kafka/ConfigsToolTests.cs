using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class ConfigsToolTests : IAsyncLifetime
{
    private const string Tool = "kafka-configs --bootstrap-server <server_name>";
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        await RunAsync("kafka-topics --create --topic orders --bootstrap-server <server_name>");
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task ATopicsSettings_AreSetShownAndTakenBack()
    {
        const string topic = " --entity-type topics --entity-name orders";
        var altered = await RunAsync(Tool + topic + " --alter --add-config retention.ms=60000,cleanup.policy=[compact,delete]");
        (altered.ExitCode, altered.Output, altered.Errors).ShouldBe((0, "Completed updating config for topic orders.\n", ""));

        var lines = (await RunAsync(Tool + topic + " --describe")).Output.Split('\n');
        lines.Length.ShouldBe(4);
        lines[0].ShouldBe("Dynamic configs for topic orders are:");
        lines[1].ShouldStartWith("  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:cleanup.policy=compact,delete");
        lines[2].ShouldStartWith("  retention.ms=60000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=60000");
        (await RunAsync(Tool + " --topic orders --describe --all")).Output.ShouldStartWith("All configs for topic orders are:\n  cleanup.policy=");

        (await RunAsync(Tool + topic + " --alter --delete-config retention.ms,cleanup.policy")).ExitCode.ShouldBe(0);
        (await RunAsync(Tool + " --entity-type topics --describe")).Output.ShouldBe("Dynamic configs for topic orders are:\n");
    }

    [Fact]
    public async Task BrokersSettings_OfOneAndOfAll()
    {
        (await RunAsync(Tool + " --entity-type brokers --entity-default --alter --add-config log.retention.ms=70000")).Output
            .ShouldBe("Completed updating default config for brokers in the cluster.\n");

        var all = await RunAsync(Tool + " --entity-type brokers --describe");
        all.ExitCode.ShouldBe(0, all.Errors);
        all.Output.ShouldStartWith("Dynamic configs for broker 1 are:\nDefault configs for brokers in the cluster are:\n  log.retention.ms=70000 sensitive=false synonyms={");
    }

    [Theory]
    [InlineData(Tool + " --describe", "At least one entity type must be specified")]
    [InlineData(Tool + " --topic orders", "Command must include exactly one action: --describe, --alter")]
    [InlineData(Tool + " --topic orders --alter", "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter")]
    [InlineData(Tool + " --topic orders --alter --delete-config retention.ms", "Invalid config(s): retention.ms")]
    [InlineData(Tool + " --topic orders --alter --add-config retention.ms", "all configs to be added must be in the format")]
    [InlineData(Tool + " --entity-type users --describe", "Invalid entity type users")]
    [InlineData(Tool + " --broker x --describe", "The entity name for brokers must be a valid integer broker id, found: x")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private Task<ToolRun> RunAsync(string line) => ToolRun.OfAsync(_broker, line);
}
