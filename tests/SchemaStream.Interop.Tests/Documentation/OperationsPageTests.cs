using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>The page on operations, done block by block with a broker that is started as it says.</summary>
public sealed class OperationsPageTests
{
    public static readonly string Page = Path.Combine("docs", "operations.md");

    private static readonly string[] Ports = ["19092", "9092", "9644"];

    [Fact]
    public async Task Commands_DoWhatThePageSays()
    {
        using var directory = new TempDirectory();
        var free = FreePorts.Take(Ports.Length);
        ProgramProcess? broker = null;
        try
        {
            foreach (var block in MarkdownBlock.All().Where(block => block.Page == Page && block is { Language: "sh", Mark: "" }))
            {
                var text = WithPorts(block.Text, free);
                if (text.StartsWith("KAFKA_", StringComparison.Ordinal))
                {
                    broker = await StartAsync(text, directory.Path);
                    continue;
                }

                var printed = await ExternalTool.RunAsync(
                    "bash", ["-euo", "pipefail", "-c", $"export PATH=\"{ProgramProcess.ProgramDirectory}:$PATH\"; cd '{directory.Path}'; {text}"]);
                if (block.Output is { } expected)
                {
                    printed.Trim().ShouldBe(WithPorts(expected, free).Trim(), $"{Page}:{block.Line}");
                }
            }

            broker.ShouldNotBeNull("no block starts a broker");
            (await broker.StopAsync()).ShouldBe(0, broker.Log);
        }
        finally
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Variables, then the program with its options.</summary>
    private static async Task<ProgramProcess> StartAsync(string block, string directory)
    {
        var words = block.Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries);
        var program = Array.IndexOf(words, "schemastream");
        var variables = words[..program].Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        variables["KAFKA_LOG_DIRS"] = Path.Combine(directory, variables["KAFKA_LOG_DIRS"]);
        var broker = ProgramProcess.Launch(variables, words[(program + 1)..]);
        await broker.WaitUntilReadyAsync();
        return broker;
    }

    /// <summary>The ports that the page has, as they are here; each is part of a longer number in none.</summary>
    private static string WithPorts(string text, int[] free)
    {
        for (var i = 0; i < Ports.Length; i++)
        {
            text = text.Replace($":{Ports[i]}", $":{free[i]}", StringComparison.Ordinal);
        }

        return text;
    }
}
