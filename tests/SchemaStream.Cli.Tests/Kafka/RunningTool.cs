using System.Text;
using SchemaStream.Cli.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

/// <summary>A command line that goes on until it is told to stop, such as a console consumer; what it prints is seen as it comes.</summary>
internal sealed class RunningTool : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SharedOutput _output = new();
    private readonly StringWriter _errors = new();
    private readonly ToolConsole _console;
    private readonly Task<int> _running;

    private RunningTool(TestBroker broker, string line, string input)
    {
        var words = line.Replace("<server_name>", broker.Host.BootstrapServers, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tool = KafkaTools.Find(words[0]).ShouldNotBeNull($"there is no tool {words[0]}");
        _console = new ToolConsole(new MemoryStream(Encoding.UTF8.GetBytes(input)), _output, TextWriter.Synchronized(_errors));
        _running = Task.Run(() => KafkaTools.RunAsync(tool, words[1..], _console, _stop.Token));
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => _output.Text;

    public static RunningTool Start(TestBroker broker, string line, string input = "") => new(broker, line, input);

    /// <summary>Returns once it has printed what is waited for.</summary>
    public Task PrintsAsync(Func<string, bool> isEnough, string what) =>
        Eventually.GetAsync(
            () => _running.IsCompleted && !isEnough(Output)
                ? throw new InvalidOperationException($"It ended before {what}: {_errors}")
                : Task.FromResult(Output),
            isEnough,
            what);

    /// <summary>Presses Ctrl-C, and waits for the end.</summary>
    public async Task<ToolRun> StopAsync()
    {
        await _stop.CancelAsync();
        return await EndAsync();
    }

    /// <summary>Waits for it to end by itself.</summary>
    public async Task<ToolRun> EndAsync()
    {
        var exitCode = await _running.WaitAsync(TestTime.Limit);
        return new ToolRun(exitCode, Output, _errors.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TestTime.Limit);
        _console.Dispose();
        _stop.Dispose();
    }

    /// <summary>Read while it is written.</summary>
    private sealed class SharedOutput : MemoryStream
    {
        private readonly Lock _lock = new();

        public string Text
        {
            get
            {
                lock (_lock)
                {
                    return Encoding.UTF8.GetString(ToArray());
                }
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            lock (_lock)
            {
                base.Write(buffer, offset, count);
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                base.Write(buffer);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer, offset, count);
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
