using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SchemaStream.Interop.Tests.Tools;

/// <summary>Runs a program that nobody here wrote and returns what it printed.</summary>
internal static class ExternalTool
{
    /// <summary>Some of them build first, and the machine may be busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs to the end; fails with the program's own words when it exits non-zero or takes longer than the limit, five minutes.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input = "", TimeSpan? within = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Start(start);
        using var limit = new CancellationTokenSource(within ?? Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end within {(within ?? Limit).TotalSeconds} s");
        }

        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', start.ArgumentList)}\n{await output}\n{await errors}");
        return await output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} is missing: run eng/setup.sh --tests", e);
        }
    }
}
