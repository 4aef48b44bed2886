using SchemaStream.Interop.Tests.Tools;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Packages;

/// <summary>The packages that <c>eng/pack.sh</c> makes of what is built, in a folder of their own, and what programs restore them with.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    /// <summary>As in Directory.Build.props.</summary>
    public const string Version = "0.1.0";

    private readonly TempDirectory _folder = new();

    /// <summary>Where the packages lie.</summary>
    public string Folder => Path.Combine(_folder.Path, "packages");

    /// <summary>An empty folder, whose programs see these packages and what this machine has restored already, and no feed.</summary>
    public string Workplace => Path.Combine(_folder.Path, "work");

    public async Task InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await ExternalTool.RunAsync(
            "env", [$"CONFIGURATION={configuration}", "NO_BUILD=true", Path.Combine(MarkdownBlock.Root, "eng/pack.sh"), Folder]);
        Directory.CreateDirectory(Workplace);
        await File.WriteAllTextAsync(Path.Combine(Workplace, "NuGet.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinesPackages()}" />
              </fallbackPackageFolders>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(_folder.Path, "restored")}" />
              </config>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private static string MachinesPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } told
            ? told
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
