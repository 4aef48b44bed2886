namespace SchemaStream.Samples.Tests.Programs;

/// <summary>Where things lie in the repository, and where the build has put programs.</summary>
internal static class SourceTree
{
    /// <summary>Debian's own: others do not see Debian's modules.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly string Output;

    static SourceTree()
    {
        // tests/<Project>/bin/<configuration>/<framework>/
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        Output = Path.Combine("bin", folder.Parent!.Name, folder.Name);
        Root = folder.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
    }

    public static string Root { get; }

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Sample(string name) => File("samples", name, Output, name);
}
