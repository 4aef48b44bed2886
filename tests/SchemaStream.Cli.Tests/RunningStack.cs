using System.Text.Json;
using SchemaStream.Cli.Tests.Registries;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests;

/// <summary>A broker and a registry in this process, for the commands of the friendlier half.</summary>
internal sealed class RunningStack : IAsyncDisposable
{
    private RunningStack(TestBroker broker, RunningRegistry registry) => (Broker, Registry) = (broker, registry);

    public TestBroker Broker { get; }

    public RunningRegistry Registry { get; }

    public static async Task<RunningStack> StartAsync() => new(
        await TestBroker.StartAsync(
            ("group.initial.rebalance.delay.ms", "0"), ("offsets.topic.num.partitions", "1"), ("transaction.state.log.num.partitions", "1")),
        await RunningRegistry.StartAsync());

    public async Task CreateAsync(string topic, int partitions = 1)
    {
        await using var connection = await Broker.ConnectAsync();
        var answer = await connection.SendAsync(
            new CreateTopicsRequest { Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }], TimeoutMs = 30_000 }, 5);
        answer.Topics[0].ErrorCode.ShouldBe(Protocol.ErrorCode.None);
    }

    public Task RegisterAsync(string subject, string schema, string type = "AVRO") => Registry.PostAsync(
        $"/subjects/{subject}/versions", JsonSerializer.Serialize(new { schemaType = type, schema }));

    public Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync([.. args, .. Places]);

    public Task<CommandRun> JsonAsync(params string[] args) => CommandRun.OfAsync([.. args, .. Places, "--output", "json"]);

    public Task<CommandRun> InputAsync(string input, params string[] args) => CommandRun.WithInputAsync(input, [.. args, .. Places]);

    /// <summary>With somebody at the console who answers.</summary>
    public Task<CommandRun> AtTerminalAsync(string answers, params string[] args) =>
        CommandRun.AtAsync(answers, isTerminal: true, CommandRun.NoEnvironment, [.. args, .. Places]);

    /// <summary>All of a topic, as objects.</summary>
    public async Task<IReadOnlyList<JsonElement>> ConsumeAsync(string topic, params string[] args)
    {
        var run = await JsonAsync(["consume", topic, "--from-beginning", "--until-end", .. args]);
        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (run with { Output = line }).Result("record"))];
    }

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        await Broker.DisposeAsync();
    }

    private string[] Places => ["--bootstrap-server", Broker.BootstrapServers, "--registry", Registry.Api.Name];
}
