using System.Runtime.CompilerServices;

namespace SchemaStream.Architecture.Tests;

/// <summary>The source tree as files, found from where this file was compiled.</summary>
internal static class Repository
{
    private static readonly string[] Rooms = ["broker", "registry", "sdk", "cli", "samples", "tests", "bench"];
    private static readonly string[] Built = ["bin", "obj", "node_modules", "artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every hand-written file of the rooms with this ending, as a path relative to the root.</summary>
    public static IReadOnlyList<string> Files(string ending) =>
        [.. Rooms
            .Select(room => Path.Combine(Root, room))
            .Where(Directory.Exists)
            .SelectMany(room => Directory.EnumerateFiles(room, "*" + ending, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(Built.Contains))
            .Order(StringComparer.Ordinal)];

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    /// <summary>Lines of a table beside this file, without comments and blanks.</summary>
    public static IReadOnlyList<string> Table(string name) =>
        [.. File.ReadLines(Path.Combine(Root, "tests/SchemaStream.Architecture.Tests", name))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#'))];

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
