using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SchemaStream.Bench.Registry;

/// <summary>The client that reads: Debian's package, installed where it is missing.</summary>
internal static class Wrk
{
    public const string Program = "wrk";

    public static async Task InstallAsync(CancellationToken cancellation)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        if (path.Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, Program))))
        {
            return;
        }

        using var install = Process.Start("bash", [Script(), Program]);
        await install.WaitForExitAsync(cancellation);
        if (install.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Program} is missing and could not be installed; its reason stands above");
        }
    }

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../eng/apt.sh"));
}
