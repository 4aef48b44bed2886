using System.Diagnostics;
using System.Text;

namespace SchemaStream.Cli.Processes;

/// <summary>This very program, to be started again with other arguments.</summary>
internal static class ThisProgram
{
    /// <summary>The name that people call it by, in messages.</summary>
    public const string Name = "schemastream";

    /// <summary>How it is run: the executable, and what its own arguments come behind.</summary>
    public static IReadOnlyList<string> CommandLine
    {
        get
        {
            // Run as `dotnet schemastream.dll`, the executable is not the program.
            var executable = Environment.ProcessPath ?? Name;
            return string.Equals(Path.GetFileNameWithoutExtension(executable), "dotnet", StringComparison.OrdinalIgnoreCase)
                ? [executable, Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
                : [executable];
        }
    }

    /// <summary>The name that this process was started by: another than <see cref="Name"/> where a link leads to the program.</summary>
    /// <remarks>The runtime tells the program's own path; what was typed only Linux has a place to read it from.</remarks>
    public static string CalledAs
    {
        get
        {
            const string place = "/proc/self/cmdline";
            if (!OperatingSystem.IsLinux() || !File.Exists(place))
            {
                return Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]);
            }

            var words = File.ReadAllBytes(place).AsSpan();
            var end = words.IndexOf((byte)0);
            return Path.GetFileName(Encoding.UTF8.GetString(end < 0 ? words : words[..end]));
        }
    }

    public static ProcessStartInfo Start(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(CommandLine[0]);
        foreach (var argument in CommandLine.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
