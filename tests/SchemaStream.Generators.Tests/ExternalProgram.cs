using System.Diagnostics;

namespace SchemaStream.Generators.Tests;

/// <summary>Programs that tests start and wait for.</summary>
internal static class ExternalProgram
{
    /// <summary>Long enough for a publish on a busy machine, and never waited for in full when all is well.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static async Task<(int ExitCode, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
