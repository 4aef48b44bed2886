namespace SchemaStream.TestKit;

/// <summary>
/// One broker as a process of its own, <c>schemastream broker</c>, that is killed and started again over its data, always at
/// the same port: clients find it again by themselves.
/// </summary>
public sealed class LoneBroker : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly int _port = FreePorts.TakeOne();
    private readonly string _config;
    private ProgramProcess? _process;

    private LoneBroker(IReadOnlyDictionary<string, string> settings)
    {
        _config = Path.Combine(_directory.Path, "broker.properties");
        var lines = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{_port}",
            ["log.dirs"] = Path.Combine(_directory.Path, "data"),
        };
        foreach (var (key, value) in settings)
        {
            lines[key] = value;
        }

        File.WriteAllLines(_config, lines.Select(line => $"{line.Key}={line.Value}"));
    }

    public string BootstrapServers => $"127.0.0.1:{_port}";

    /// <summary>What the process that runs, or ran last, wrote to standard error.</summary>
    public string Log => _process?.Log ?? "";

    /// <summary>Whether the process has ended by itself.</summary>
    public bool HasEnded => _process?.HasEnded ?? true;

    public static async Task<LoneBroker> StartAsync(params (string Key, string Value)[] settings)
    {
        var broker = new LoneBroker(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        try
        {
            await broker.StartAgainAsync();
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }

        return broker;
    }

    /// <summary>Starts the broker that was killed or stopped, and returns when it serves.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        await _process!.WaitUntilReadyAsync();
    }

    /// <summary>Starts the broker that was killed or stopped, and returns at once: it may be killed while it starts.</summary>
    public void Launch() => _process = ProgramProcess.Launch("broker", "--config", _config);

    /// <summary>Sends SIGKILL and returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public Task<int> StopAsync() => _process!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }
}
