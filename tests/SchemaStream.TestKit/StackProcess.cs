using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SchemaStream.TestKit;

/// <summary><c>schemastream up</c> as a process of its own, as an operator runs it: it can be told to stop, or killed.</summary>
/// <remarks>
/// A test project that uses it builds the program along:
/// <c>&lt;ProjectReference Include="../../cli/SchemaStream.Cli/SchemaStream.Cli.csproj" ReferenceOutputAssembly="false" /&gt;</c>.
/// </remarks>
public sealed class StackProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private StackProcess(Process process) => _process = process;

    /// <summary>The broker's <c>HOST:PORT</c>.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>The registry's URL, without a slash at its end.</summary>
    public string RegistryUrl { get; private set; } = "";

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

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
    /// <param name="dataDirectory">Kept when the process ends.</param>
    /// <param name="options">More options; ports that they do not name are free ones.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready; the message holds its log.</exception>
    public static async Task<StackProcess> StartAsync(string dataDirectory, params string[] options)
    {
        var start = new ProcessStartInfo(ProgramPath()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["up", "--data-dir", dataDirectory, .. FreePort("--kafka-port"), .. FreePort("--registry-port"), .. options])
        {
            start.ArgumentList.Add(argument);
        }

        string[] FreePort(string option) => options.Contains(option) ? [] : [option, "0"];

        var stack = new StackProcess(Process.Start(start)!);
        stack._process.ErrorDataReceived += stack.Remember;
        stack._process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(StartLimit);
        while (await stack._process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Split(' ') is ["ready", var kafka, var registry])
            {
                stack.BootstrapServers = kafka["kafka=".Length..];
                stack.RegistryUrl = registry["registry=".Length..];
                return stack;
            }
        }

        await stack._process.WaitForExitAsync(limit.Token);
        throw new InvalidOperationException($"schemastream up ended with {stack._process.ExitCode} before it was ready:\n{stack.Log}");
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

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
