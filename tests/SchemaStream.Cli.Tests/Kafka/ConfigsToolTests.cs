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

    [Fact]
    public async Task Quotas_OfUsersAndClients_AreSetShownAndTakenBack()
    {
        var altered = await RunAsync(Tool + " --entity-type users --entity-name alice --alter --add-config producer_byte_rate=1024,consumer_byte_rate=2048");
        (altered.ExitCode, altered.Output, altered.Errors).ShouldBe((0, "Completed updating config for user alice.\n", ""));
        (await RunAsync(Tool + " --entity-type users --entity-default --alter --add-config request_percentage=200")).Output
            .ShouldBe("Completed updating default config for users in the cluster.\n");
        (await RunAsync(Tool + " --entity-type clients --entity-default --entity-type users --entity-name alice --alter --add-config producer_byte_rate=1e9")).Output
            .ShouldBe("Completed updating default config for clients in the cluster.\n");
        (await RunAsync(Tool + " --client shop --alter --add-config controller_mutation_rate=5")).ExitCode.ShouldBe(0);

        (await RunAsync(Tool + " --user alice --describe")).Output.ShouldBe(
            "Quota configs for user-principal 'alice' are consumer_byte_rate=2048.0, producer_byte_rate=1024.0\n");
        (await RunAsync(Tool + " --user-defaults --describe")).Output.ShouldBe("Quota configs for the default user-principal are request_percentage=200.0\n");
        (await RunAsync(Tool + " --entity-type users --entity-type clients --describe")).Output.ShouldBe(
            "Quota configs for user-principal 'alice', the default client-id are producer_byte_rate=1.0E9\n");
        (await RunAsync(Tool + " --entity-type clients --describe")).Output.ShouldBe("Quota configs for client-id 'shop' are controller_mutation_rate=5.0\n");

        (await RunAsync(Tool + " --user alice --alter --delete-config producer_byte_rate,consumer_byte_rate")).ExitCode.ShouldBe(0);
        (await RunAsync(Tool + " --user alice --describe")).Output.ShouldBe("");
    }

    [Fact]
    public async Task QuotasOfAddresses_CountTheirConnections()
    {
        (await RunAsync(Tool + " --ip 10.0.0.1 --alter --add-config connection_creation_rate=20")).Output.ShouldBe("Completed updating config for ip 10.0.0.1.\n");
        (await RunAsync(Tool + " --ip-defaults --alter --add-config connection_creation_rate=100")).Output
            .ShouldBe("Completed updating default config for ips in the cluster.\n");

        (await RunAsync(Tool + " --entity-type ips --entity-name 10.0.0.1 --describe")).Output.ShouldBe("Quota configs for ip '10.0.0.1' are connection_creation_rate=20.0\n");
        (await RunAsync(Tool + " --entity-type ips --describe")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ShouldBe([
            "Quota configs for ip '10.0.0.1' are connection_creation_rate=20.0",
            "Quota configs for the default ip are connection_creation_rate=100.0"]);
    }

    [Fact]
    public async Task Credentials_AreSetShownAndTakenBack_NeverTold()
    {
        var altered = await RunAsync(Tool + " --entity-type users --entity-name alice --alter --add-config SCRAM-SHA-256=[iterations=8192,password=se=cret],SCRAM-SHA-512=[password=secret]");
        (altered.ExitCode, altered.Output, altered.Errors).ShouldBe((0, "Completed updating config for user alice.\n", ""));
        (await RunAsync(Tool + " --user bob --alter --add-config SCRAM-SHA-512=[password=secret]")).ExitCode.ShouldBe(0);

        (await RunAsync(Tool + " --user alice --describe")).Output.ShouldBe(
            "SCRAM credential configs for user-principal 'alice' are SCRAM-SHA-256=iterations=8192, SCRAM-SHA-512=iterations=4096\n");
        (await RunAsync(Tool + " --entity-type users --describe")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);

        (await RunAsync(Tool + " --user alice --alter --delete-config SCRAM-SHA-256,SCRAM-SHA-512")).ExitCode.ShouldBe(0);
        (await RunAsync(Tool + " --user alice --describe")).Output.ShouldBe("");
        (await RunAsync(Tool + " --user alice --alter --delete-config SCRAM-SHA-256")).ExitCode.ShouldBe(1, "it has none");
    }

    [Fact]
    public async Task WithoutAName_AllGroupsAreDescribed()
    {
        (await RunAsync("kafka-console-consumer --bootstrap-server <server_name> --topic orders --group readers --timeout-ms 1")).Errors.ShouldContain("TimeoutException");

        (await RunAsync(Tool + " --entity-type groups --describe")).Output.ShouldBe("Dynamic configs for group readers are:\n");
        (await RunAsync(Tool + " --entity-type client-metrics --describe")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData(Tool + " --describe", "At least one entity type must be specified")]
    [InlineData(Tool + " --topic orders", "Command must include exactly one action: --describe, --alter")]
    [InlineData(Tool + " --topic orders --alter", "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter")]
    [InlineData(Tool + " --topic orders --alter --delete-config retention.ms", "Invalid config(s): retention.ms")]
    [InlineData(Tool + " --topic orders --alter --add-config retention.ms", "all configs to be added must be in the format")]
    [InlineData(Tool + " --entity-type queues --describe", "Invalid entity type queues, the entity type must be one of topics, clients, users, brokers, ips, broker-loggers, client-metrics, groups")]
    [InlineData(Tool + " --broker x --describe", "The entity name for brokers must be a valid integer broker id, but it is: x")]
    [InlineData(Tool + " --entity-type users --entity-type topics --describe", "Only 'users' and 'clients' entity types may be specified together")]
    [InlineData(Tool + " --entity-type users --entity-type users --describe", "Duplicate entity type(s) specified: users")]
    [InlineData(Tool + " --entity-type clients --user alice --describe", "--entity-{type,name,default} should not be used in conjunction with specific entity flags")]
    [InlineData(Tool + " --entity-type users --alter --add-config producer_byte_rate=1", "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips")]
    [InlineData(Tool + " --entity-type clients --user-defaults --alter --add-config x=1", "should not be used")]
    [InlineData(Tool + " --user alice --alter --add-config colour=1", "Only quota and SCRAM credential configs can be added for 'users' using --bootstrap-server. Unexpected config names: Set(colour)")]
    [InlineData(Tool + " --client shop --alter --add-config SCRAM-SHA-256=[password=x]", "Only quota configs can be added for 'clients'")]
    [InlineData(Tool + " --user-defaults --alter --add-config SCRAM-SHA-256=[password=x]", "The use of --entity-default or --user-defaults is not allowed")]
    [InlineData(Tool + " --user alice --alter --add-config SCRAM-SHA-256=[password=x],producer_byte_rate=1", "Cannot alter both quota and SCRAM credential configs simultaneously")]
    [InlineData(Tool + " --user alice --alter --add-config SCRAM-SHA-256=[iterations=100,password=x]", "Iterations 100 is less than the minimum 4096 required for SCRAM-SHA-256")]
    [InlineData(Tool + " --user alice --alter --add-config SCRAM-SHA-256=x", "Invalid credential property SCRAM-SHA-256=x")]
    [InlineData(Tool + " --user alice --alter --add-config producer_byte_rate=much", "Cannot parse quota configuration value for producer_byte_rate: much")]
    [InlineData(Tool + " --user alice --alter --delete-config producer_byte_rate", "Invalid config(s): producer_byte_rate")]
    [InlineData(Tool + " --ip 10.0.0.1 --alter --add-config producer_byte_rate=1", "Only connection quota configs can be added for 'ips'")]
    [InlineData(Tool + " --topic orders --describe --add-config retention.ms=1", "Option \"[describe]\" can't be used with option \"[add-config]\"")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private Task<ToolRun> RunAsync(string line) => ToolRun.OfAsync(_broker, line);
}
