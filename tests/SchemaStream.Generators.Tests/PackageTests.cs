using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace SchemaStream.Generators.Tests;

/// <summary>Who installs the package has generator and analyzer with it.</summary>
[Trait("Category", "Long")]
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schemastream-package-").FullName;

    [Fact]
    public async Task Package_HasGeneratorAnalyzerAndTargets()
    {
        var project = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../sdk/SchemaStream.Avro/SchemaStream.Avro.csproj");

        var (exit, log) = await ExternalProgram.Run(
            "dotnet", "pack", project, "-m:1", "-c", "Release", "--artifacts-path", Path.Combine(_folder, "artifacts"), "-o", _folder);

        exit.ShouldBe(0, log);
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "SchemaStream.Avro.*.nupkg").ShouldHaveSingleItem());
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        files.ShouldContain("analyzers/dotnet/cs/SchemaStream.Generators.dll");
        files.ShouldContain("analyzers/dotnet/cs/SchemaStream.Analyzers.dll");
        files.ShouldContain("buildTransitive/SchemaStream.Avro.targets");
        files.ShouldContain("lib/net10.0/SchemaStream.Avro.dll");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
