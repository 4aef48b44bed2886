using SchemaStream.Cli.Up;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

/// <summary><c>schemastream up --ephemeral</c> as a process.</summary>
public sealed class EphemeralTests : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Stopped_ItLeavesNothingBehind()
    {
        await using var stack = await StartAsync();
        var place = Places().ShouldHaveSingleItem();
        Directory.Exists(Path.Combine(place, "broker")).ShouldBeTrue();

        (await stack.StopAsync()).ShouldBe(0, stack.Log);

        Places().ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_TheNextStartDeletesWhatWasLeft_AndNotWhatRuns()
    {
        await using var running = await StartAsync();
        var its = Places().ShouldHaveSingleItem();
        await using (var killed = await StartAsync())
        {
            await killed.KillAsync();
        }

        Places().Length.ShouldBe(2);
        await using var next = await StartAsync();

        Places().Length.ShouldBe(2, "the killed one's is gone, the next one's has come");
        Places().ShouldContain(its);
        (await running.StopAsync()).ShouldBe(0, running.Log);
        (await next.StopAsync()).ShouldBe(0, next.Log);
        next.Log.ShouldContain("which a process that was killed left behind"); // all of it is read once it has ended
        Places().ShouldBeEmpty();
    }

    [Fact]
    public async Task ACluster_LeavesNothingBehindEither_WithTopicsToTry()
    {
        await using var stack = await StartAsync("--brokers", "2", "--seed-demo");
        (await stack.StopAsync()).ShouldBe(0, stack.Log);

        stack.Log.ShouldContain("--seed-demo: made topics orders, payments, stock, page-views");
        Places().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--data-dir", "somewhere", "--ephemeral: expected no --data-dir")]
    [InlineData("--set", "log.dirs=somewhere", "log.dirs: expected none, for nothing is to be kept")]
    public async Task WhatWouldBeKept_IsRefused(string option, string value, string told)
    {
        var (exitCode, output, errors) = await ProgramProcess.RunAsync("up", "--ephemeral", option, value, "--no-environment");

        exitCode.ShouldNotBe(0);
        output.ShouldNotContain("ready");
        errors.ShouldContain(told);
    }

    private Task<ProgramProcess> StartAsync(params string[] options) => ProgramProcess.StartAsync(
        new Dictionary<string, string> { ["TMPDIR"] = _temporary.Path, ["TEMP"] = _temporary.Path, ["TMP"] = _temporary.Path },
        ["up", "--ephemeral", "--kafka-port", "0", "--registry-port", "0", .. options]);

    private string[] Places() => Directory.GetDirectories(_temporary.Path, EphemeralDirectory.Prefix + "*");
}
