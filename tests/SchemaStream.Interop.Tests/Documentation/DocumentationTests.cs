using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>What the README and the docs say is done as they say it.</summary>
[Collection(StackCollection.Name)]
public sealed class DocumentationTests(StackFixture fixture)
{
    private static readonly string[] PagesOfTheirOwn =
        [ClusterPageTests.Page, OperationsPageTests.Page, RegistryPageTests.Page, TutorialPageTests.Page];

    private const string Up = "dotnet run --project cli/SchemaStream.Cli -- up ";

    [Fact]
    public async Task ShellBlocks_RunAgainstTheStack_AndPrintWhatThePageSays()
    {
        var blocks = MarkdownBlock.All()
            .Where(block => block is { Language: "sh", Mark: "" } && !PagesOfTheirOwn.Contains(block.Page))
            .ToList();
        blocks.ShouldNotBeEmpty();
        using var directory = new TempDirectory();
        foreach (var block in blocks)
        {
            var script = block.Text
                .Replace("127.0.0.1:9092", fixture.Stack.BootstrapServers, StringComparison.Ordinal)
                .Replace("http://127.0.0.1:8081", fixture.Stack.RegistryUrl, StringComparison.Ordinal);

            block.ShouldHavePrinted(await ExternalTool.RunAsync(
                "bash", ["-euo", "pipefail", "-c", $"export PATH=\"{ProgramProcess.ProgramDirectory}:$PATH\"; cd '{directory.Path}'; {script}"]));
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
    public void UpCommand_OnThePage_HasTheOptionsThatScriptsRelyOn() =>
        MarkdownBlock.All().ShouldContain(block => block.Language == "sh"
            && block.Text.StartsWith(Up, StringComparison.Ordinal)
            && block.Text.Contains("--data-dir", StringComparison.Ordinal)
            && block.Text.Contains("--kafka-port 9092", StringComparison.Ordinal)
            && block.Text.Contains("--registry-port 8081", StringComparison.Ordinal));
}
