using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>The page on the registry, done block by block with a registry that is started as it says.</summary>
public sealed class RegistryPageTests
{
    public static readonly string Page = Path.Combine("docs", "registry.md");

    private const string Start = "schemastream registry --set";
    private const string Port = ":8085";

    [Fact]
    public async Task Commands_DoWhatThePageSays()
    {
        using var directory = new TempDirectory();
        var port = $":{FreePorts.TakeOne()}";
        ProgramProcess? registry = null;
        try
        {
            foreach (var block in MarkdownBlock.All().Where(block => block.Page == Page && block is { Language: "sh", Mark: "" }))
            {
                var text = block.Text.Replace(Port, port, StringComparison.Ordinal);
                if (text.StartsWith(Start, StringComparison.Ordinal))
                {
                    text = text.Replace("dir=", $"dir={directory.Path}/", StringComparison.Ordinal);
                    registry = await ProgramProcess.StartAsync(text.Split(' ')[1..]);
                    continue;
                }

                var printed = await ExternalTool.RunAsync(
                    "bash", ["-euo", "pipefail", "-c", $"export PATH=\"{ProgramProcess.ProgramDirectory}:$PATH\"; cd '{directory.Path}'; {text}"]);
                if (block.Output is { } expected)
                {
                    printed.Trim().ShouldBe(expected.Trim(), $"{Page}:{block.Line}");
                }
            }

            registry.ShouldNotBeNull("no block starts a registry");
            (await registry.StopAsync()).ShouldBe(0, registry.Log);
        }
        finally
        {
            await (registry?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
