using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SchemaStream.Bench.Registry;

/// <summary>A server in a process of its own, which ends with this one: it holds the other end of a pipe as its standard input.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const string ReadyPrefix = "ready registry=";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Server(Process process, Uri address, TimeSpan readyAfter) => (_process, Address, ReadyAfter) = (process, address, readyAfter);

    public Uri Address { get; }

    /// <summary>From the start of the process to the line that says it serves.</summary>
    public TimeSpan ReadyAfter { get; }

    public long ResidentMegabytes => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public static string DefaultProgram([CallerFilePath] string thisFile = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
        string[] candidates = [Path.Combine(root, "artifacts/schemastream/schemastream"), Path.Combine(root, "cli/SchemaStream.Cli/bin/Release/net10.0/schemastream")];
        return candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("Build first: eng/publish.sh, or dotnet build -c Release.");
    }

    public static Task<Server> RegistryAsync(string program, string dataDirectory, CancellationToken cancellation) => StartAsync(
        program,
        ["registry", "--stop-with-stdin", "--no-environment", "--set", "listeners=http://127.0.0.1:0", "--set", $"schemastream.data.dir={dataDirectory}"],
        cancellation);

    /// <summary>This program once more, as the bare endpoint.</summary>
    public static Task<Server> BareAsync(string bodyFile, CancellationToken cancellation) =>
        StartAsync(Environment.ProcessPath!, ["--bare", bodyFile], cancellation);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"{_process.StartInfo.FileName} did not stop within {StopLimit.TotalSeconds} s and was killed");
        }
        finally
        {
            _process.Dispose();
        }
    }

    private static async Task<Server> StartAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var since = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
            {
                return new Server(process, new Uri(line[ReadyPrefix.Length..].Split(' ')[0]), Stopwatch.GetElapsedTime(since));
            }
        }

        await process.WaitForExitAsync(cancellation);
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode} before it served");
    }
}
