using SchemaStream.Cli.Tests.Registries;

namespace SchemaStream.Cli.Tests.Contracts;

public sealed class ContractsCommandTests : IAsyncLifetime
{
    private RunningRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Bind_Show_List()
    {
        var bound = await JsonAsync("bind", "orders", "--key", "string", "--value", "avro:com.acme.Order");
        bound.ExitCode.ShouldBe(0, bound.Output);
        bound.Result("contract").GetProperty("value").GetProperty("type").GetString().ShouldBe("com.acme.Order");
        (await JsonAsync("bind", "orders", "--key", "string", "--value", "avro:com.acme.Order")).ExitCode.ShouldBe(0);
        (await JsonAsync("bind", "accounts", "--value", "avro:com.acme.Opened|com.acme.Closed")).Result("contract")
            .GetProperty("value").GetProperty("type").GetString().ShouldBe("com.acme.Closed,com.acme.Opened");

        (await JsonAsync("show", "orders")).Result("contract").GetProperty("key").GetProperty("format").GetString().ShouldBe("string");
        (await JsonAsync("list")).Result("contracts-list").GetProperty("contracts").GetArrayLength().ShouldBe(2);
        (await RunAsync("list", "--prefix", "or")).Output.ShouldBe(
            "TOPIC   KEY     VALUE                BINDING\norders  string  AVRO com.acme.Order  EXPLICIT\n");
    }

    [Fact]
    public async Task AnotherType_IsRefusedWith4_AndASuccessorTakesIt()
    {
        await RunAsync("bind", "orders", "--value", "avro:com.acme.Order");

        var other = await JsonAsync("bind", "orders", "--value", "avro:com.acme.Refund");

        other.ExitCode.ShouldBe(4);
        other.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS3002");
        var successor = await JsonAsync("successor", "orders", "orders-v2", "--value", "avro:com.acme.Refund");
        successor.ExitCode.ShouldBe(0, successor.Output);
        successor.Result("contract").GetProperty("topic").GetString().ShouldBe("orders-v2");
        successor.Errors.ShouldContain("schemastream topics migrate orders orders-v2");
    }

    [Fact]
    public async Task WhatIsNotBound_EndsWith5_AndWhatIsNoFormWith2()
    {
        (await JsonAsync("show", "nothing")).ExitCode.ShouldBe(5);
        (await RunAsync("bind", "orders")).ExitCode.ShouldBe(2);
        foreach (var form in new[] { "avro", "avro:", "xml:a", "string:a", "protobuf:a|b" })
        {
            (await RunAsync("bind", "orders", "--value", form)).ExitCode.ShouldBe(2, form);
        }
    }

    private Task<CommandRun> RunAsync(string command, params string[] args) =>
        CommandRun.OfAsync(["contracts", command, .. args, "--registry", _registry.Api.Name]);

    private Task<CommandRun> JsonAsync(string command, params string[] args) =>
        CommandRun.OfAsync(["contracts", command, .. args, "--registry", _registry.Api.Name, "--output", "json"]);
}
