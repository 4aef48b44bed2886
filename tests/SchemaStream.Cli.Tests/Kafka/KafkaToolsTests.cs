using System.Runtime.CompilerServices;
using SchemaStream.Cli.Kafka;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class KafkaToolsTests
{
    public static TheoryData<string> Names => [.. KafkaTools.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ATool_IsFoundByBothItsNames_HasHelp_AndStandsOnItsPage(string name)
    {
        KafkaTools.Find(name + ".sh").ShouldNotBeNull().Name.ShouldBe(name);

        var run = await ToolRun.OfAsync("127.0.0.1:1", $"{name} --help");
        (run.ExitCode, run.Output).ShouldBe((0, ""));
        run.Errors.ShouldContain($"Usage: {name} [options]");

        var page = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/kafka-tools.md"));
        (await File.ReadAllTextAsync(page)).ShouldContain($"`{name}`");
    }

    [Theory]
    [InlineData("kafka-nothing")]
    [InlineData("topics")]
    [InlineData("kafka-topics.bat")]
    public void WhatIsNoTool_IsNotFound(string name) => KafkaTools.Find(name).ShouldBeNull();

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
