namespace SchemaStream.TestKit;

/// <summary><c>schemastream up</c> as a process of its own: broker and registry, or a cluster of brokers.</summary>
public sealed class StackProcess : IAsyncDisposable
{
    private readonly ProgramProcess _program;

    private StackProcess(ProgramProcess program, string dataDirectory)
    {
        _program = program;
        DataDirectory = dataDirectory;
        if (program.ReadyLine.Split(' ') is not ["ready", var kafka, var registry, .. var rest])
        {
            throw new InvalidOperationException($"expected 'ready kafka=... registry=...', found '{program.ReadyLine}'");
        }

        BootstrapServers = kafka["kafka=".Length..];
        RegistryUrl = registry["registry=".Length..];
        HttpUrl = rest is [var http] ? http["http=".Length..] : null;
    }

    /// <summary>The brokers' <c>HOST:PORT</c>, with commas between several.</summary>
    public string BootstrapServers { get; }

    /// <summary>The registry's URL, without a slash at its end.</summary>
    public string RegistryUrl { get; }

    /// <summary>Where metrics and health are, without a slash at its end; null unless it was told to serve them.</summary>
    public string? HttpUrl { get; }

    /// <summary>What it was given as <c>--data-dir</c>.</summary>
    public string DataDirectory { get; }

    /// <summary>The process's id.</summary>
    public int Id => _program.Id;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Log => _program.Log;

    /// <summary>Starts it and returns once its <c>ready</c> line was read.</summary>
    /// <param name="dataDirectory">Kept when the process ends.</param>
    /// <param name="options">More options; ports that they do not name are free ones.</param>
    /// <exception cref="InvalidOperationException">It ended before it was ready; the message holds its log.</exception>
    public static async Task<StackProcess> StartAsync(string dataDirectory, params string[] options) =>
        new(await ProgramProcess.StartAsync(Arguments(dataDirectory, options)), dataDirectory);

    /// <summary>As the other, with a program that lies elsewhere, such as an installed one.</summary>
    public static async Task<StackProcess> StartFromAsync(string program, string dataDirectory, params string[] options) =>
        new(await ProgramProcess.StartFromAsync(program, Arguments(dataDirectory, options)), dataDirectory);

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public Task<int> StopAsync() => _program.StopAsync();

    /// <summary>Sends SIGKILL, as a power cut of the process would be, and returns when it is gone.</summary>
    public Task KillAsync() => _program.KillAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static string[] Arguments(string dataDirectory, string[] options)
    {
        return ["up", "--data-dir", dataDirectory, .. FreePort("--kafka-port"), .. FreePort("--registry-port"), .. options];

        string[] FreePort(string option) => options.Contains(option) ? [] : [option, "0"];
    }
}
