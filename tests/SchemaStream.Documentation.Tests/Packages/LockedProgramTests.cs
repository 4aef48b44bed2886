using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Packages;

/// <summary>What <c>docs/schemas-lock.md</c> says of JSON, in a program that is made of the packages alone.</summary>
[Collection(PackedCollection.Name)]
public sealed class LockedProgramTests(PackedPackages packed)
{
    private const string Program = """
        using SchemaStream;

        Console.WriteLine(Topics.Visits.Name);

        public static class Topics
        {
            public static readonly Topic<string, Visit> Visits = Topic.Json<string, Visit>("visits");
        }


        """;

    [Fact]
    public async Task JsonMember_ThatOldDataLacks_FailsTheBuildAtTheMember()
    {
        var blocks = MarkdownBlock.Of(Path.Combine("docs", "schemas-lock.md")).ToList();
        var property = blocks.Single(block => block.Language == "xml").Text;
        var expected = blocks.Single(block => block.Text.Contains("/seconds", StringComparison.Ordinal)).Text;
        var breaking = blocks.Single(block => block.Text.StartsWith("public sealed record Visit(", StringComparison.Ordinal)).Text;
        var tool = Path.Combine(packed.Workplace, "lock-tools", "schemastream");
        await ShellAsync($"dotnet tool install SchemaStream.Cli --tool-path lock-tools --version {PackedPackages.Version}");
        await ShellAsync("dotnet new console --output visits; dotnet add visits package SchemaStream");
        await File.WriteAllTextAsync(Path.Combine(packed.Workplace, "visits", "Program.cs"), Program + "public sealed record Visit(string Page);\n");
        var project = Path.Combine(packed.Workplace, "visits", "visits.csproj");
        var told = property.Replace("dotnet schemastream", tool, StringComparison.Ordinal);
        await File.WriteAllTextAsync(project, (await File.ReadAllTextAsync(project)).Replace("<Nullable>", $"{told}<Nullable>", StringComparison.Ordinal));
        await ShellAsync($"dotnet build visits; '{tool}' schemas lock --assembly visits/bin/Debug/net10.0/visits.dll --file visits/schemas.lock; dotnet build visits");

        await File.WriteAllTextAsync(Path.Combine(packed.Workplace, "visits", "Program.cs"), Program + breaking + "\n");
        var built = await ShellAsync("dotnet build visits || echo 'The build failed.'");

        built.ShouldContain("The build failed.");
        var line = Program.Split('\n').Length;
        built.ShouldContain($"Program.cs({line},{breaking.IndexOf("int Seconds", StringComparison.Ordinal) + 1}): {string.Join(' ', expected.Split('\n'))}");
    }

    private Task<string> ShellAsync(string script) =>
        ExternalTool.RunAsync("bash", ["-euo", "pipefail", "-c", $"cd '{packed.Workplace}'; export MSBUILDDISABLENODEREUSE=1; {script}"]);
}
