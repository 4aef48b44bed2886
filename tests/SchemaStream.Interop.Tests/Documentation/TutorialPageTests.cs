using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>The tutorial, done command by command against the cluster that its first command starts.</summary>
public sealed class TutorialPageTests
{
    public static readonly string Page = Path.Combine("docs", "tutorial.md");

    [Fact]
    public async Task EveryCommand_DoesWhatThePageSays()
    {
        var blocks = MarkdownBlock.Of(Page);
        blocks[0].Text.ShouldBe("schemastream up --brokers 3");
        using var directory = new TempDirectory();
        await using var cluster = await ClusterProcess.StartAsync(Path.Combine(directory.Path, "schemastream-data"), brokers: 3);

        foreach (var block in blocks.Where(block => block is { Language: "sh", Mark: "" }))
        {
            var script = cluster.BootstrapServers.Split(',').Select((address, index) => (address, index))
                .Aggregate(block.Text, (text, broker) => text.Replace($"127.0.0.1:{9092 + broker.index}", broker.address, StringComparison.Ordinal))
                .Replace("http://127.0.0.1:8081", cluster.RegistryUrl, StringComparison.Ordinal);

            var printed = await ExternalTool.RunAsync(
                "bash", ["-euo", "pipefail", "-c", $"export PATH=\"{ProgramProcess.ProgramDirectory}:$PATH\"; cd '{directory.Path}'; {script}"]);

            block.ShouldHavePrinted(printed);
        }
    }
}
