using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Packages;

/// <summary><c>docs/first-steps.md</c>, done with the packages alone: the tool is installed, the program is made, built and run.</summary>
[Collection(PackedCollection.Name)]
public sealed class FirstProgramTests(PackedPackages packed)
{
    private static readonly string Page = Path.Combine("docs", "first-steps.md");

    [Fact]
    public async Task FirstProgram_IsMadeFromThePackages_AndReadsWhatItWrites()
    {
        var blocks = MarkdownBlock.Of(Page).Where(block => block.Mark.Contains(nameof(FirstProgramTests), StringComparison.Ordinal)).ToList();
        var install = blocks.Single(block => block.Text.StartsWith("dotnet tool install", StringComparison.Ordinal)).Text.Split('\n')[0];
        var make = blocks.Single(block => block.Text.StartsWith("dotnet new", StringComparison.Ordinal)).Text;
        var program = blocks.Single(block => block.Language == "csharp").Text;
        var run = blocks.Single(block => block.Text.StartsWith("dotnet run", StringComparison.Ordinal));
        program.Split('\n').Length.ShouldBeLessThanOrEqualTo(30);
        var tools = Path.Combine(packed.Workplace, "tools");

        // The tool, and the stack that it starts.
        await ShellAsync(install.Replace("--global", $"--tool-path '{tools}'", StringComparison.Ordinal));
        await using var stack = await StackProcess.StartFromAsync(Path.Combine(tools, "schemastream"), Path.Combine(packed.Workplace, "data"));

        // The program, with the addresses of this stack.
        await ShellAsync(make);
        await File.WriteAllTextAsync(
            Path.Combine(packed.Workplace, "shop", "Program.cs"),
            program.Replace("127.0.0.1:9092", stack.BootstrapServers, StringComparison.Ordinal)
                .Replace("http://127.0.0.1:8081", stack.RegistryUrl, StringComparison.Ordinal));
        var printed = await ShellAsync($"{run.Text}");

        printed.Trim().ShouldBe(run.Output);
        (await stack.StopAsync()).ShouldBe(0, stack.Log);
    }

    private Task<string> ShellAsync(string script) =>
        ExternalTool.RunAsync("bash", ["-euo", "pipefail", "-c", $"cd '{packed.Workplace}'; export MSBUILDDISABLENODEREUSE=1; {script}"]);
}
