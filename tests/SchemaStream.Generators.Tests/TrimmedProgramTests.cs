using System.Runtime.CompilerServices;

namespace SchemaStream.Generators.Tests;

/// <summary>A program that is published trimmed, with every warning of the linker an error, writes and reads as any other.</summary>
[Trait("Category", "Long")]
public sealed class TrimmedProgramTests : IDisposable
{
    private const string Program = "SchemaStream.Generators.Tests.Trimmed";

    private readonly string _folder = Directory.CreateTempSubdirectory("schemastream-trimmed-").FullName;

    [Fact]
    public async Task TrimmedProgram_WritesReadsAndEvolvesByGeneratedCode()
    {
        var project = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", Program, Program + ".csproj");
        var output = Path.Combine(_folder, "out");

        // Artifacts of its own: other builds of this tree may be under way.
        var (published, log) = await ExternalProgram.Run(
            "dotnet", "publish", project, "-m:1", "-c", "Release", "-r", "linux-x64", "--self-contained",
            "--artifacts-path", Path.Combine(_folder, "artifacts"), "-o", output);
        published.ShouldBe(0, log);
        var (exit, lines) = await ExternalProgram.Run(Path.Combine(output, Program));

        exit.ShouldBe(0, lines);
        lines.ShouldContain("same schema: True 2 web Card { Number = 1234 }");
        lines.ShouldContain("older schema: True Line { Sku = A, Count = 3, Price = 9.50 } 0 Card { Number = 1234 }");
        lines.ShouldContain("unmarked: Unmarked has no generated code, and none is made at run time");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
