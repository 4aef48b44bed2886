namespace SchemaStream.Cli.Tests.Perf;

public sealed class PerfCommandTests : IAsyncLifetime
{
    private RunningStack _stack = null!;

    public async Task InitializeAsync() => _stack = await RunningStack.StartAsync();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task WhatIsProduced_IsConsumed()
    {
        await _stack.CreateAsync("load", 2);

        var produced = (await _stack.JsonAsync("perf", "produce", "load", "--records", "2000", "--size", "50")).Result("perf");
        var consumed = (await _stack.JsonAsync("perf", "consume", "load", "--records", "5000")).Result("perf");

        (produced.GetProperty("records").GetInt64(), produced.GetProperty("bytes").GetInt64()).ShouldBe((2000, 100_000));
        produced.GetProperty("latency").GetProperty("p99Ms").GetDouble().ShouldBeGreaterThan(0);
        (consumed.GetProperty("records").GetInt64(), consumed.GetProperty("bytes").GetInt64()).ShouldBe((2000, 100_000));
        (await _stack.RunAsync("perf", "consume", "load", "--records", "10")).Output.ShouldStartWith("10 records, 0.0 MB in ");
        (await _stack.RunAsync("perf", "produce", "load", "--size", "0")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("perf", "produce", "none")).ExitCode.ShouldBe(5);
    }
}
