using System.Diagnostics;

namespace SchemaStream.Cli.Processes;

/// <summary>This very program, to be started again with other arguments.</summary>
internal static class ThisProgram
{
    /// <summary>The name that people call it by, in messages.</summary>
    public const string Name = "schemastream";

    public static ProcessStartInfo Start(params IReadOnlyList<string> arguments)
    {
        var executable = Environment.ProcessPath ?? Name;
        var start = new ProcessStartInfo(executable);

        // Run as `dotnet schemastream.dll`, the executable is not the program.
        if (string.Equals(Path.GetFileNameWithoutExtension(executable), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
