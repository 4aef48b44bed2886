using System.Diagnostics;
using System.Globalization;
using System.Net;
using SchemaStream.TestKit;

namespace SchemaStream.Bench.Cluster.Clusters;

/// <summary><c>schemastream up --brokers N</c>: each broker a process that can be killed, stopped and started again.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    private const double ClockTicksPerSecond = 100; // fixed by Linux's interface to user space

    private readonly TempDirectory _directory;
    private readonly StackProcess _stack;
    private readonly Dictionary<int, ProgramProcess> _restarted = [];

    private ClusterUnderTest(TempDirectory directory, StackProcess stack)
    {
        _directory = directory;
        _stack = stack;
        Brokers = [.. stack.BootstrapServers.Split(',').Select((address, i) => new BrokerAddress(i + 1, IPEndPoint.Parse(address)))];
    }

    public IReadOnlyList<BrokerAddress> Brokers { get; }

    public static async Task<ClusterUnderTest> StartAsync(int brokers, params string[] settings)
    {
        var directory = new TempDirectory();
        try
        {
            var stack = await StackProcess.StartAsync(
                directory.Path,
                ["--brokers", brokers.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(setting => (string[])["--set", setting])]);
            return new ClusterUnderTest(directory, stack);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Kills the broker at once, as <c>kill -9</c> does; returns when the signal was sent.</summary>
    public void Kill(int broker)
    {
        using var process = Process.GetProcessById(ProcessIdOf(broker));
        process.Kill();
    }

    /// <summary>Tells the broker to stop; returns when it was told.</summary>
    public Task TellToStopAsync(int broker) => ProgramProcess.SignalAsync("TERM", ProcessIdOf(broker));

    /// <summary>Waits until the broker's process has ended; call it with the id that it had.</summary>
    public static async Task EndedAsync(int processId, CancellationToken cancellation)
    {
        while (IsRunning(processId))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }
    }

    /// <summary>Starts a broker that ended; returns once it serves.</summary>
    public async Task RestartAsync(int broker)
    {
        if (_restarted.Remove(broker, out var former))
        {
            await former.DisposeAsync();
        }

        _restarted[broker] = await ProgramProcess.StartAsync("broker", "--config", Path.Combine(DirectoryOf(broker), "broker.properties"));
    }

    public int ProcessIdOf(int broker) =>
        int.Parse(File.ReadAllText(Path.Combine(DirectoryOf(broker), "pid")), CultureInfo.InvariantCulture);

    /// <summary>User and system time of all brokers' threads since they started.</summary>
    public TimeSpan CpuTime() => TimeSpan.FromSeconds(Brokers.Sum(broker => CpuSecondsOf(ProcessIdOf(broker.NodeId))));

    /// <summary>Bytes in a topic's segments at one broker.</summary>
    public long SegmentBytes(int broker, string topic)
    {
        var data = Path.Combine(DirectoryOf(broker), "data");
        return Directory.EnumerateDirectories(data, topic + "-*")
            .SelectMany(partition => Directory.EnumerateFiles(partition, "*.log"))
            .Sum(segment => new FileInfo(segment).Length);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var restarted in _restarted.Values)
        {
            await restarted.DisposeAsync();
        }

        await _stack.StopAsync();
        await _stack.DisposeAsync();
        _directory.Dispose();
    }

    private static double CpuSecondsOf(int processId)
    {
        // Fields 14 and 15, counted behind the name, which ends with the last parenthesis and may hold blanks.
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ClockTicksPerSecond;
    }

    /// <summary>A process that ended and was not waited for by its parent yet has ended.</summary>
    private static bool IsRunning(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string DirectoryOf(int broker) =>
        Path.Combine(_directory.Path, string.Create(CultureInfo.InvariantCulture, $"broker-{broker}"));
}

/// <summary>Where a broker takes clients.</summary>
internal sealed record BrokerAddress(int NodeId, IPEndPoint EndPoint);
