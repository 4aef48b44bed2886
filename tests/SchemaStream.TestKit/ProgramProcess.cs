using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SchemaStream.TestKit;

/// <summary>The program <c>schemastream</c> as a process of its own, as an operator runs it: it can be told to stop, or killed.</summary>
/// <remarks>
/// A test project that uses it builds the program along:
/// <c>&lt;ProjectReference Include="../../cli/SchemaStream.Cli/SchemaStream.Cli.csproj" ReferenceOutputAssembly="false" /&gt;</c>.
/// </remarks>
public sealed class ProgramProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private ProgramProcess(Process process) => _process = process;

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Returns when it has ended, whoever ended it.</summary>
    public async Task WaitForEndAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>The line that began with <c>ready</c>.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>What it wrote to standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it and returns once its <c>ready</c> line was read.</summary>
    /// <exception cref="InvalidOperationException">It ended before it was ready; the message holds its log.</exception>
    public static Task<ProgramProcess> StartAsync(params IReadOnlyList<string> arguments) =>
        StartAsync(new Dictionary<string, string>(), arguments);

    /// <summary>As the other, with environment variables beside those of this process.</summary>
    public static async Task<ProgramProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var program = Launch(environment, arguments);
        await program.WaitUntilReadyAsync();
        return program;
    }

    /// <summary>Starts the program of that name from elsewhere, such as an installed one, and returns once its <c>ready</c> line was read.</summary>
    public static async Task<ProgramProcess> StartFromAsync(string path, params IReadOnlyList<string> arguments)
    {
        var program = Launch(Start(path, arguments));
        await program.WaitUntilReadyAsync();
        return program;
    }

    /// <summary>Starts it and waits for nothing: it may be killed before it is ready.</summary>
    public static ProgramProcess Launch(params IReadOnlyList<string> arguments) => Launch(new Dictionary<string, string>(), arguments);

    /// <summary>As the other, with environment variables beside those of this process.</summary>
    public static ProgramProcess Launch(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var start = Start(ProgramPath(), arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Launch(start);
    }

    private static ProgramProcess Launch(ProcessStartInfo start)
    {
        var program = new ProgramProcess(Process.Start(start)!);
        program._process.ErrorDataReceived += program.Remember;
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Returns once its <c>ready</c> line was read.</summary>
    /// <exception cref="InvalidOperationException">It ended before it was ready; the message holds its log.</exception>
    public async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal))
                {
                    ReadyLine = line;
                    return;
                }
            }

            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            var arguments = CommandLine;
            await DisposeAsync();
            throw new TimeoutException($"{arguments} was not ready in {StartLimit}:\n{Log}");
        }

        throw new InvalidOperationException($"{CommandLine} ended with {_process.ExitCode} before it was ready:\n{Log}");
    }

    /// <summary>Returns its exit code when it has ended, whoever ended it.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await WaitForEndAsync();
        return _process.ExitCode;
    }

    /// <summary>Runs it to its end and returns its exit code with what it wrote.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(Start(ProgramPath(), arguments))!;
        using var limit = new CancellationTokenSource(StartLimit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output, await errors);
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM", Id);
        using var limit = new CancellationTokenSource(StopLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGKILL, as a power cut of the process would be, and returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal to a process that someone else started.</summary>
    public static Task SignalAsync(string signal, int processId) => SignalAsync([signal], processId);

    /// <summary>Sends signals so soon one after another that the process cannot have done what the first asks for.</summary>
    public static async Task SignalAsync(IEnumerable<string> signals, int processId)
    {
        var script = string.Join("; ", signals.Select(signal => string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {processId}")));
        using var shell = Process.Start("bash", ["-c", script]);
        await shell.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Start(string path, IReadOnlyList<string> arguments)
    {
        // A shell that runs tests in the background ignores SIGINT, which its children inherit and rightly keep to.
        var start = new ProcessStartInfo("env")
        {
            // Nothing is typed: who asks for an answer gets none.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (IEnumerable<string>)["--default-signal=INT", path, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private string CommandLine => string.Join(' ', _process.StartInfo.ArgumentList.Skip(1));

    /// <summary>Where the program lies: for a shell's PATH.</summary>
    public static string ProgramDirectory => Path.GetDirectoryName(ProgramPath())!;

    private static string ProgramPath()
    {
        // tests/<Project>/bin/<configuration>/<framework>/ -> cli/SchemaStream.Cli/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (output.Name, output.Parent!.Name);
        var root = output.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(root, "cli", "SchemaStream.Cli", "bin", configuration, framework, "schemastream");
        return File.Exists(program) ? program : throw new FileNotFoundException("build cli/SchemaStream.Cli first", program);
    }

    private void Remember(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }
}
