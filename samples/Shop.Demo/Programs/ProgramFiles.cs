namespace Shop.Demo.Programs;

/// <summary>Where the build has put the programs: beside this one's own output.</summary>
internal static class ProgramFiles
{
    /// <summary>The repository.</summary>
    public static string Root { get; }

    private static readonly string Output;

    static ProgramFiles()
    {
        // samples/Shop.Demo/bin/<configuration>/<framework>/
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        Output = Path.Combine("bin", folder.Parent!.Name, folder.Name);
        Root = folder.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
    }

    public static string SchemaStream => Path.Combine(Root, "cli", "SchemaStream.Cli", Output, "schemastream");

    public static string Sample(string name) => Path.Combine(Root, "samples", name, Output, name);

    public static string Python(string name) => Path.Combine(Root, "samples", "python", name);
}
