using System.Diagnostics;
using System.Globalization;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Up;

/// <summary>
/// One broker of the cluster as a process of its own. It holds the other end of this process's pipe as its standard input,
/// so it stops with this process, however that ends.
/// </summary>
internal sealed class BrokerProcess : IDisposable
{
    private const string ReadyPrefix = "ready kafka=";

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerProcess(BrokerPlace place, Process process)
    {
        Place = place;
        _process = process;
        Exited = RunAsync();
    }

    public BrokerPlace Place { get; }

    public int ProcessId => _process.Id;

    /// <summary>Its <c>HOST:PORT</c> for clients, once it serves; cancelled where it ended before.</summary>
    public Task<string> Ready => _ready.Task;

    /// <summary>Its exit code, once it has ended.</summary>
    public Task<int> Exited { get; }

    /// <summary>It reads the environment by itself, if it may.</summary>
    public static BrokerProcess Start(BrokerPlace place, StackOptions options)
    {
        var start = ThisProgram.Start(
        [
            BrokerCommand.Name, "--config", place.ConfigPath, BrokerCommand.StopWithInput,
            .. options.LogLevel is { } level ? [CommandOptions.LogLevelName, level.ToString()] : Array.Empty<string>(),
            .. options.Environment.Count == 0 ? [CommandOptions.NoEnvironmentName] : Array.Empty<string>(),
        ]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new BrokerProcess(place, Process.Start(start)!);
    }

    /// <summary>Has it stop in its own order, and kills it if that takes longer than the limit.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        try
        {
            _process.StandardInput.Close();
            await Exited.WaitAsync(limit);
        }
        catch (Exception late) when (late is TimeoutException or IOException)
        {
            _process.Kill();
            await Exited;
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> RunAsync()
    {
        var errors = PassOnAsync(_process.StandardError);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
            {
                _ready.TrySetResult(line[ReadyPrefix.Length..].Split(' ')[0]);
            }
        }

        await errors;
        await _process.WaitForExitAsync();
        _ready.TrySetCanceled();
        return _process.ExitCode;
    }

    /// <summary>Its log lines, each told apart from the others' by its broker.</summary>
    private async Task PassOnAsync(StreamReader lines)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"broker-{Place.NodeId} | ");
        while (await lines.ReadLineAsync() is { } line)
        {
            await Console.Error.WriteLineAsync(prefix + line);
        }
    }
}
