using System.Diagnostics;
using System.Text;
using SchemaStream.TestKit;

namespace SchemaStream.Samples.Tests.Programs;

/// <summary>A program as a process of its own, with all that it writes.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>Some of them build first, and the machine may be busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _written = new();

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += Remember;
        process.ErrorDataReceived += Remember;
    }

    /// <summary>What it wrote so far.</summary>
    public string Written
    {
        get
        {
            lock (_written)
            {
                return _written.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public static RunningProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(), // wherever it is started, it finds its own files
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var running = new RunningProgram(Process.Start(start)!);
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Written)> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var running = Start(program, arguments, environment);
        running._process.StandardInput.Close();
        return (await running.ExitCodeAsync(), running.Written);
    }

    /// <summary>Returns once it has written this.</summary>
    public Task WroteAsync(string text) => Eventually.GetAsync(
        () => Task.FromResult(Written),
        written =>
        {
            _process.HasExited.ShouldBeFalse($"it should write '{text}' and has ended:\n{written}");
            return written.Contains(text, StringComparison.Ordinal);
        },
        $"it writes '{text}'");

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await ProgramProcess.SignalAsync("TERM", _process.Id);
        return await ExitCodeAsync();
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Returns once it has ended.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    private void Remember(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            lock (_written)
            {
                _written.AppendLine(text);
            }
        }
    }
}
