using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SchemaStream.Bench.Load;

/// <summary>The broker's process: started here or found by its id, and read through <c>/proc</c>.</summary>
internal sealed class BrokerUnderLoad : IAsyncDisposable
{
    private const double ClockTicksPerSecond = 100; // fixed by Linux's interface to user space

    private readonly Process? _started;
    private readonly string? _dataDirectory;
    private readonly int? _processId;

    private BrokerUnderLoad(string bootstrapServers, int? processId, Process? started, string? dataDirectory, TimeSpan startTime)
    {
        BootstrapServers = bootstrapServers;
        _processId = processId;
        _started = started;
        _dataDirectory = dataDirectory;
        StartTime = startTime;
    }

    public string BootstrapServers { get; }

    /// <summary>From the start of the process to its <c>ready</c> line; zero for one that ran already.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>User and system time of all its threads since its start; zero when its process is not known.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            if (_processId is not { } id)
            {
                return TimeSpan.Zero;
            }

            // Fields 14 and 15, counted behind the name, which ends with the last parenthesis and may hold blanks.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / ClockTicksPerSecond);
        }
    }

    public long PeakMemoryBytes => _processId is { } id ? StatusKilobytes(id, "VmHWM:") * 1024 : 0;

    public static BrokerUnderLoad Attach(string bootstrapServers, int? processId) =>
        new(bootstrapServers, processId, null, null, TimeSpan.Zero);

    public static async Task<BrokerUnderLoad> StartAsync(CancellationToken cancellation)
    {
        var program = Path.Combine(RepositoryRoot(), "cli/SchemaStream.Cli/bin/Release/net10.0/schemastream");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException("Build the broker first: dotnet build -c Release cli/SchemaStream.Cli", program);
        }

        var dataDirectory = Directory.CreateTempSubdirectory("schemastream-load-").FullName;
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList = { "up", "--data-dir", dataDirectory, "--kafka-port", "0", "--registry-port", "0" },
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("ready kafka=", StringComparison.Ordinal))
            {
                var address = line["ready kafka=".Length..].Split(' ')[0];
                return new BrokerUnderLoad(address, process.Id, process, dataDirectory, Stopwatch.GetElapsedTime(start));
            }
        }

        throw new InvalidOperationException("`schemastream up` ended before it was ready; its log stands above");
    }

    public async ValueTask DisposeAsync()
    {
        if (_started is null)
        {
            return;
        }

        using (var stop = Process.Start("kill", ["-TERM", _started.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        await _started.WaitForExitAsync();
        _started.Dispose();
        Directory.Delete(_dataDirectory!, recursive: true);
    }

    private static long StatusKilobytes(int id, string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture);
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
