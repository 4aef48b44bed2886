using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>What the README and the docs say is done as they say it.</summary>
[Collection(StackCollection.Name)]
public sealed class DocumentationTests(StackFixture fixture)
{
    private const string TwoCommands = "./demo.sh\n./test.sh";
    private const string Up = "dotnet run --project cli/SchemaStream.Cli -- up ";

    [Fact]
    public async Task ShellBlocks_RunAgainstTheStack_AndPrintWhatThePageSays()
    {
        var blocks = MarkdownBlock.All()
            .Where(block => block.Language == "sh" && block.Page != ClusterPageTests.Page && block.Page != OperationsPageTests.Page
                && block.Page != RegistryPageTests.Page)
            .ToList();
        blocks.ShouldNotBeEmpty();
        foreach (var block in blocks.Where(block => block.Text != TwoCommands && !block.Text.StartsWith(Up, StringComparison.Ordinal)))
        {
            var script = block.Text
                .Replace("127.0.0.1:9092", fixture.Stack.BootstrapServers, StringComparison.Ordinal)
                .Replace("http://127.0.0.1:8081", fixture.Stack.RegistryUrl, StringComparison.Ordinal);

            var printed = await ExternalTool.RunAsync("bash", ["-euo", "pipefail", "-c", script]);

            if (block.Output is { } expected)
            {
                printed.Trim().ShouldBe(expected.Trim(), $"{block.Page}:{block.Line}");
            }
        }
    }

    /// <summary>The second of the two commands is what runs this test.</summary>
    [Fact]
    public async Task Demo_EndsByItself_AndShowsThreeRefusals()
    {
        var printed = await ExternalTool.RunAsync(Path.Combine(MarkdownBlock.Root, "demo.sh"), []);

        printed.ShouldContain("ready kafka=127.0.0.1:");
        printed.ShouldContain("40910");
        printed.TrimEnd().ShouldEndWith("demo: done");
    }

    [Fact]
    public void CSharpBlocks_AreLinesOfSamplesOrPages_ThatAreCompiledAndRun()
    {
        var samples = new[] { "samples", "tests/SchemaStream.Documentation.Tests/Pages" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(MarkdownBlock.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(File.ReadAllText)
            .ToList();
        foreach (var block in MarkdownBlock.All().Where(block => block.Language == "csharp"))
        {
            samples.ShouldContain(
                sample => Squeeze(sample).Contains(Squeeze(block.Text), StringComparison.Ordinal),
                $"{block.Page}:{block.Line} is in no sample");
        }
    }

    [Fact]
    public void UpCommand_OnThePage_HasTheOptionsThatScriptsRelyOn() =>
        MarkdownBlock.All().ShouldContain(block => block.Language == "sh"
            && block.Text.StartsWith(Up, StringComparison.Ordinal)
            && block.Text.Contains("--data-dir", StringComparison.Ordinal)
            && block.Text.Contains("--kafka-port 9092", StringComparison.Ordinal)
            && block.Text.Contains("--registry-port 8081", StringComparison.Ordinal));

    private static string Squeeze(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
