using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Documentation;

/// <summary>The page on clusters, done line by line against a cluster of its own.</summary>
public sealed class ClusterPageTests
{
    public static readonly string Page = Path.Combine("docs", "clusters.md");

    private const string Up = "dotnet run --project cli/SchemaStream.Cli -- up --brokers 3 --data-dir schemastream-data --kafka-port 9092";
    private const string Restart = "schemastream broker --config schemastream-data/broker-2/broker.properties";
    private const string Recover = "schemastream recover-quorum --config schemastream-data/broker-1/broker.properties";

    [Fact]
    public async Task Commands_DoWhatThePageSays()
    {
        var blocks = MarkdownBlock.All().Where(block => block.Page == Page && block.Language == "sh").ToList();
        blocks[0].Text.ShouldBe(Up);
        blocks[^1].Text.ShouldBe(Recover);
        using var directory = new TempDirectory();
        await using var cluster = await ClusterProcess.StartAsync(Path.Combine(directory.Path, "schemastream-data"), brokers: 3);

        foreach (var block in blocks[1..^1])
        {
            var printed = "";
            foreach (var line in block.Text.Split('\n'))
            {
                printed += await RunAsync(line, cluster, directory.Path);
            }

            if (block.Output is { } expected)
            {
                printed.Trim().ShouldBe(expected.Trim(), $"{Page}:{block.Line}");
            }
        }

        await cluster.UntilInSyncAsync("greetings");
    }

    private static async Task<string> RunAsync(string line, ClusterProcess cluster, string directory)
    {
        if (line == Restart)
        {
            await cluster.RestartAsync(2);
            return "";
        }

        var ports = cluster.BootstrapServers.Split(',');
        for (var i = 0; i < ports.Length; i++)
        {
            line = line.Replace($"127.0.0.1:{9092 + i}", ports[i], StringComparison.Ordinal);
        }

        if (line.StartsWith("schemastream ", StringComparison.Ordinal))
        {
            var (exitCode, output, errors) = await ProgramProcess.RunAsync(line.Split(' ')[1..]);
            exitCode.ShouldBe(0, errors);
            output.ShouldContain("LeaderId");
            return output;
        }

        return await ExternalTool.RunAsync("bash", ["-euo", "pipefail", "-c", $"cd '{directory}'; {line}"]);
    }
}
