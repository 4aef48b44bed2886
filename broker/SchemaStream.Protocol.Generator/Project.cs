using Microsoft.CodeAnalysis.Diagnostics;

namespace SchemaStream.Protocol.Generator;

/// <summary>Where the project lies and how its namespaces begin: a definition's namespace is that of its folder.</summary>
internal readonly record struct Project(string Directory, string RootNamespace)
{
    public static Project From(AnalyzerConfigOptions options)
    {
        options.TryGetValue("build_property.MSBuildProjectDirectory", out var directory);
        options.TryGetValue("build_property.RootNamespace", out var rootNamespace);
        return new Project(Slashes(directory ?? "").TrimEnd('/'), rootNamespace ?? "SchemaStream.Protocol");
    }

    public string NamespaceOf(string path)
    {
        var folder = Slashes(path);
        var end = folder.LastIndexOf('/');
        folder = end < 0 ? "" : folder.Substring(0, end);
        if (Directory.Length > 0 && folder.StartsWith(Directory, StringComparison.Ordinal))
        {
            folder = folder.Substring(Directory.Length);
        }

        return string.Join(".", new[] { RootNamespace }.Concat(folder.Split('/').Where(part => part.Length > 0)));
    }

    private static string Slashes(string path) => path.Replace('\\', '/');
}
