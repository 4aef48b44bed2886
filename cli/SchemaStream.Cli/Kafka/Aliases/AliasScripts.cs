namespace SchemaStream.Cli.Kafka.Aliases;

/// <summary>What became of one alias, or would.</summary>
internal enum AliasChange
{
    /// <summary>It was not there.</summary>
    Written = 1,

    /// <summary>It was there, for this program.</summary>
    Unchanged = 2,

    /// <summary>It was there, for another copy of this program; or it was someone else's, and is to be replaced all the same.</summary>
    Replaced = 3,

    /// <summary>It was there, and is not any more.</summary>
    Removed = 4,

    /// <summary>Someone else's file has the name: left alone.</summary>
    Kept = 5,
}

/// <summary>
/// Small scripts by the names of Kafka's tools, each of which runs this program. Scripts, not links: a link would not find
/// the program that runs as <c>dotnet schemastream.dll</c>, and not everyone may make one.
/// </summary>
/// <param name="directory">Where they are.</param>
/// <param name="program">How this program is run: a path, and what stands behind it on each command line.</param>
internal sealed class AliasScripts(string directory, IReadOnlyList<string> program)
{
    /// <summary>By this line a script is known as one of ours, whichever copy of the program it runs.</summary>
    private const string Mark = "Written by `schemastream install-aliases`; `schemastream install-aliases --remove` takes it away.";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly bool _isWindows = OperatingSystem.IsWindows();

    /// <summary>All files: each tool by its name, and by the name that Kafka's own scripts have.</summary>
    public IReadOnlyList<(string Path, string Tool)> All =>
        [.. KafkaTools.Names.SelectMany(tool => _isWindows
            ? new[] { (Path.Combine(directory, tool + ".cmd"), tool) }
            : [(Path.Combine(directory, tool), tool), (Path.Combine(directory, tool + ".sh"), tool)])];

    /// <summary>What writing would do to one file.</summary>
    public AliasChange PlanWrite(string path, string tool, bool replacesOthers)
    {
        var present = Read(path);
        return present is null ? AliasChange.Written
            : present == Text(tool) ? AliasChange.Unchanged
            : replacesOthers || IsOurs(present) ? AliasChange.Replaced
            : AliasChange.Kept;
    }

    /// <summary>What removing would do to one file; null: there is none.</summary>
    public static AliasChange? PlanRemove(string path) => Read(path) is not { } present ? null : IsOurs(present) ? AliasChange.Removed : AliasChange.Kept;

    /// <summary>Writes one file, whole or not at all.</summary>
    public void Write(string path, string tool)
    {
        Directory.CreateDirectory(directory);
        var fresh = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(fresh, Text(tool));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(fresh, Executable);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private string Text(string tool)
    {
        var words = string.Join(' ', program.Select(Quoted));
        return _isWindows ? $"@rem {Mark}\r\n@{words} {tool} %*\r\n" : $"#!/bin/sh\n# {Mark}\nexec {words} {tool} \"$@\"\n";
    }

    private string Quoted(string word) => _isWindows ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsOurs(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <summary>The beginning of a file: ours are short. Null: there is none.</summary>
    private static string? Read(string path)
    {
        const int enough = 8 * 1024;
        if (new FileInfo(path) is { LinkTarget: not null })
        {
            return ""; // a link is not ours, wherever it leads
        }

        if (!File.Exists(path))
        {
            return Directory.Exists(path) ? "" : null;
        }

        using var reader = new StreamReader(path);
        var text = new char[enough];
        return new string(text, 0, reader.ReadBlock(text));
    }
}
