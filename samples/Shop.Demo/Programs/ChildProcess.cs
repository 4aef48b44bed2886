using System.Diagnostics;
using System.Globalization;

namespace Shop.Demo.Programs;

/// <summary>A program of the shop as a process of its own. What it writes goes to a file.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int ShownLines = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _logPath;
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(string name, Process process, string logPath)
    {
        Name = name;
        _process = process;
        _logPath = logPath;
        _log = new StreamWriter(logPath, append: true) { AutoFlush = true };
        process.OutputDataReceived += Remember;
        process.ErrorDataReceived += Remember;
    }

    public string Name { get; }

    public static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logPath)
    {
        if (!File.Exists(program))
        {
            throw new DemoFailedException($"{program} is not there: build it first, as ./demo.sh shop does");
        }

        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, // nothing is typed
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var child = new ChildProcess(name, Process.Start(start)!, logPath);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The line that begins with <c>ready</c>.</summary>
    public async Task<string> ReadyLineAsync(CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        var first = await Task.WhenAny(_ready.Task, ended).WaitAsync(StartLimit, TimeProvider.System, cancellationToken);
        return first == _ready.Task ? await _ready.Task : throw Failed("ended before it was ready");
    }

    /// <summary>Throws when it has ended, which it should not by itself.</summary>
    public void MustRun()
    {
        if (_process.HasExited)
        {
            throw Failed($"ended by itself with exit code {_process.ExitCode}");
        }
    }

    /// <summary>SIGTERM; returns when it is gone.</summary>
    /// <exception cref="DemoFailedException">It has ended otherwise than with 0, or not in time.</exception>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopLimit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw Failed($"did not stop in {StopLimit.TotalSeconds} s");
        }

        if (_process.ExitCode != 0)
        {
            throw Failed($"stopped with exit code {_process.ExitCode}");
        }
    }

    /// <summary>SIGKILL: no last word, nothing is closed. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private void Remember(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text)
        {
            return;
        }

        lock (_log)
        {
            if (_log.BaseStream is not null)
            {
                _log.WriteLine(text);
            }
        }

        if (text.StartsWith("ready ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(text);
        }
    }

    private DemoFailedException Failed(string what)
    {
        lock (_log)
        {
            _log.Flush();
        }

        using var file = new StreamReader(new FileStream(_logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = file.ReadToEnd().TrimEnd().Split('\n').TakeLast(ShownLines);
        return new DemoFailedException($"{Name} {what}. It wrote last:\n{string.Join('\n', lines)}");
    }
}
