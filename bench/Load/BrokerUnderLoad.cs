using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SchemaStream.Bench.Load;

/// <summary>Which of the program's commands runs.</summary>
internal enum BrokerMode
{
    /// <summary>Broker and registry in one process.</summary>
    Up,

    /// <summary>The broker alone.</summary>
    Broker,
}

/// <summary>Processor time of a process, by where it was spent.</summary>
internal readonly record struct ProcessorTime(TimeSpan User, TimeSpan System)
{
    public TimeSpan Total => User + System;

    public static ProcessorTime operator -(ProcessorTime left, ProcessorTime right) =>
        new(left.User - right.User, left.System - right.System);
}

/// <summary>The broker's process: started here or found by its id, and read through <c>/proc</c> and its page of metrics.</summary>
internal sealed partial class BrokerUnderLoad : IAsyncDisposable
{
    private const double ClockTicksPerSecond = 100; // fixed by Linux's interface to user space

    private readonly Process? _started;
    private readonly int? _processId;
    private readonly string? _http;

    private BrokerUnderLoad(string bootstrapServers, int? processId, Process? started, string? http, long startedAt, TimeSpan readyAfter)
    {
        BootstrapServers = bootstrapServers;
        _processId = processId;
        _started = started;
        _http = http;
        StartedAt = startedAt;
        ReadyAfter = readyAfter;
    }

    public string BootstrapServers { get; }

    /// <summary>The registry's URL; null where there is none.</summary>
    public string? RegistryUrl { get; private init; }

    public string Host => BootstrapServers[..BootstrapServers.LastIndexOf(':')];

    public int Port => int.Parse(BootstrapServers[(BootstrapServers.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>When the process was started, as <see cref="Stopwatch"/> has it.</summary>
    public long StartedAt { get; }

    /// <summary>From the start of the process to its <c>ready</c> line; zero for one that ran already.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Of all its threads since its start; zero when its process is not known.</summary>
    public ProcessorTime Cpu
    {
        get
        {
            if (_processId is not { } id)
            {
                return default;
            }

            // Fields 14 and 15, counted behind the name, which ends with the last parenthesis and may hold blanks.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new ProcessorTime(Ticks(fields[11]), Ticks(fields[12]));
        }
    }

    public double ResidentMegabytes => StatusMegabytes("VmRSS:");

    public double PeakMegabytes => StatusMegabytes("VmHWM:");

    public static BrokerUnderLoad Attach(string bootstrapServers, int? processId) =>
        new(bootstrapServers, processId, null, null, 0, TimeSpan.Zero);

    /// <summary>The published program if there is one, else the one that was built along.</summary>
    public static string DefaultProgram()
    {
        var root = RepositoryRoot();
        var published = Path.Combine(root, "artifacts/schemastream/schemastream");
        var built = Path.Combine(root, "cli/SchemaStream.Cli/bin/Release/net10.0/schemastream");
        return File.Exists(published) ? published
            : File.Exists(built) ? built
            : throw new FileNotFoundException("Publish the broker first: eng/publish.sh", published);
    }

    public static async Task<BrokerUnderLoad> StartAsync(
        string program, BrokerMode mode, string dataDirectory, CancellationToken cancellation, bool withMetrics = false)
    {
        string[] arguments = mode == BrokerMode.Up
            ? ["up", "--data-dir", dataDirectory, "--kafka-port", "0", "--registry-port", "0", "--log-level", "Warning"]
            : ["broker", .. Set($"log.dirs={dataDirectory}/broker", "node.id=1", "process.roles=broker,controller",
                "listeners=PLAINTEXT://127.0.0.1:0", "advertised.listeners=PLAINTEXT://127.0.0.1:0"), "--log-level", "Warning"];
        arguments = withMetrics ? [.. arguments, .. Set("schemastream.http.listener=127.0.0.1:0")] : arguments;
        var startedAt = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                var readyAfter = Stopwatch.GetElapsedTime(startedAt);
                var said = line.Split(' ')[1..].Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
                return new BrokerUnderLoad(said["kafka"], process.Id, process, said.GetValueOrDefault("http"), startedAt, readyAfter)
                {
                    RegistryUrl = said.GetValueOrDefault("registry"),
                };
            }
        }

        throw new InvalidOperationException($"{program} ended before it was ready; its log stands above");
    }

    /// <summary>All bytes that managed code has allocated since the process began: <c>GC.GetTotalAllocatedBytes</c> there.</summary>
    public async Task<double> AllocatedBytesAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri($"{_http}/metrics"), cancellation);
        return double.Parse(TotalAllocated().Match(page).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>As a lost process: nothing is closed.</summary>
    public async Task KillAsync()
    {
        _started!.Kill();
        await _started.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is null)
        {
            return;
        }

        if (!_started.HasExited)
        {
            using var stop = Process.Start("kill", ["-TERM", _started.Id.ToString(CultureInfo.InvariantCulture)]);
            await stop.WaitForExitAsync();
            await _started.WaitForExitAsync();
        }

        _started.Dispose();
    }

    private static IEnumerable<string> Set(params string[] settings) => settings.SelectMany(setting => new[] { "--set", setting });

    private static TimeSpan Ticks(string field) =>
        TimeSpan.FromSeconds(long.Parse(field, CultureInfo.InvariantCulture) / ClockTicksPerSecond);

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));

    [GeneratedRegex(@"^dotnet_gc_heap_total_allocated\w*(?:\{[^}]*\})? ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex TotalAllocated();

    private double StatusMegabytes(string name)
    {
        if (_processId is not { } id)
        {
            return 0;
        }

        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
