using System.Text;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;

namespace SchemaStream.Cli.Tests.Errors;

/// <summary>Command lines that are not understood, and the explanations of errors.</summary>
public sealed class UsageErrorTests
{
    [Theory]
    [InlineData("Did you mean 'topics'?", "topcis")]
    [InlineData("Did you mean 'kafka-topics'?", "kafka-topcis")]
    [InlineData("Did you mean 'describe'?", "topics", "descirbe", "x")]
    [InlineData("Did you mean '--partitions'?", "topics", "create", "x", "--partition", "3")]
    [InlineData("Its commands are list, describe", "topics")]
    [InlineData("schemastream topics create --help", "topics", "create")]
    [InlineData("SS1001", "topics", "create", "x", "--partitions", "many")]
    [InlineData("SS1001", "topics", "list", "--output", "yaml")]
    [InlineData("Did you mean '--data-dir'?", "up", "--datadir", "x")]
    [InlineData("--kafka-port 70000: expected a port from 0 to 65535", "up", "--kafka-port", "70000")]
    [InlineData("expected KEY=VALUE", "broker", "--set", "nothing")]
    [InlineData("SS1001", "registry", "--log-level", "loud")]
    [InlineData("expected either --file FILE or --from URL", "registry", "import", "--url", "http://127.0.0.1:1")]
    [InlineData("Option '--id' is required", "quorum", "transfer", "--bootstrap-server", "127.0.0.1:1")]
    [InlineData("Its commands are describe, add-voter", "quorum")]
    [InlineData("Option '--config' is required", "recover-quorum")]
    public async Task WhatIsNotUnderstood_EndsWith2_AndNamesWhatWasMeant(string said, params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Errors.ShouldContain(said);

        var json = await CommandRun.OfAsync([.. args.Where(word => word is not ("--output" or "yaml")), .. args.Contains("yaml") ? ["--nonsense"] : Array.Empty<string>(), "--output", "json"]);
        json.ExitCode.ShouldBe(2);
        json.Result("error").GetProperty("error").GetProperty("exitCode").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("topics")]
    [InlineData()]
    public async Task NoCommandAtAll_EndsWith2_AndHelps(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        (run.ExitCode, run.Output).ShouldBe((2, ""));
        run.Errors.ShouldContain(args.Length == 0 ? "kafka-topics" : "describe");
    }

    [Fact]
    public async Task WhatNobodyThoughtOf_HasACodeAsWell()
    {
        var command = CommonOptions.Attach(new FriendlyCommand("odd", "Fails."), (_, _) => throw new NotSupportedException("of all things"), connects: false);
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        using var console = new ToolConsole(Stream.Null, output, errors);

        var exitCode = await command.Parse(["--output", "json"]).InvokeAsync(new CommandInvocation(console));

        var error = new CommandRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), "").Result("error").GetProperty("error");
        (exitCode, error.GetProperty("code").GetString(), error.GetProperty("message").GetString()).ShouldBe((1, "SS1999", "of all things"));
        errors.ToString().ShouldContain(nameof(WhatNobodyThoughtOf_HasACodeAsWell));
    }

    [Fact]
    public async Task Explain_KnowsEveryCode_AndListsThem()
    {
        foreach (var kind in ErrorCatalog.All)
        {
            var run = await CommandRun.OfAsync("explain", kind.Code.ToLowerInvariant());
            run.ExitCode.ShouldBe(0);
            run.Output.ShouldContain(kind.Text);
        }

        (await CommandRun.OfAsync("explain", "SS4001", "--output", "json")).Result("explain").GetProperty("exitCode").GetInt32().ShouldBe(5);
        (await CommandRun.OfAsync("explain", "--output", "json")).Result("explain").GetProperty("errors").GetArrayLength().ShouldBe(ErrorCatalog.All.Count);
        var unknown = await CommandRun.OfAsync("explain", "SS4O01");
        unknown.ExitCode.ShouldBe(5);
        unknown.Errors.ShouldContain("Did you mean 'SS4001'?");
    }

    [Theory]
    [InlineData("ordres", "orders")]
    [InlineData("Orders", "orders")]
    [InlineData("shipment", null)]
    [InlineData("", null)]
    public void NearMisses_AreFewChangesAway(string typed, string? meant) => NearMisses.Nearest(typed, ["payments", "orders", "x"]).ShouldBe(meant);
}
