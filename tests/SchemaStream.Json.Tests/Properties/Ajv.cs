using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Json.Tests.Properties;

/// <summary>What ajv says of the data of one pair of schemas.</summary>
internal sealed record AjvAnswer(int Valid, string[] Broken, string? Error);

/// <summary>The validator of the JavaScript world, which nobody here wrote, in one process for all questions.</summary>
internal static class Ajv
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<IReadOnlyList<AjvAnswer>> AskAsync(IReadOnlyList<string> pairs)
    {
        Directory.Exists(Path.Combine(Folder(), "node_modules")).ShouldBeTrue("the packages are missing: run eng/setup.sh --tests");
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(Folder(), "validate.js") },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            foreach (var pair in pairs)
            {
                await process.StandardInput.WriteLineAsync(pair.AsMemory(), limit.Token);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"node did not answer within {Limit.TotalSeconds} s");
        }

        process.ExitCode.ShouldBe(0, await errors);
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
    }

    private static AjvAnswer Read(string line)
    {
        using var answer = JsonDocument.Parse(line);
        return new AjvAnswer(
            answer.RootElement.GetProperty("valid").GetInt32(),
            [.. answer.RootElement.GetProperty("broken").EnumerateArray().Select(value => value.GetRawText())],
            answer.RootElement.TryGetProperty("error", out var error) ? error.GetString() : null);
    }

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../node"));
}
