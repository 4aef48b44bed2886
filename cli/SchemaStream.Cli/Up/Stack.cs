using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SchemaStream.Broker;
using SchemaStream.Registry;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Cli.Up;

/// <summary>Broker and registry, started in that order and stopped in the reverse one.</summary>
internal static class Stack
{
    private const int Stopped = 0;
    private const int Failed = 1;

    public static async Task<int> RunAsync(StackOptions options, CancellationToken cancellation)
    {
        using var logs = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", (LogLevel)Math.Max((int)options.LogLevel, (int)LogLevel.Warning)) // our own lines tell what is up
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // a start that fails is told once, as a sentence
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace) // standard output is for `ready`
            .AddSimpleConsole(format =>
            {
                format.SingleLine = true;
                format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                format.UseUtcTimestamp = true;
                format.ColorBehavior = LoggerColorBehavior.Disabled;
            }));
        try
        {
            await ServeAsync(options, logs, cancellation);
            return Stopped;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Stopped; // told to stop before it was ready
        }
        catch (Exception e) when (e is BrokerStartException or RegistryLogException or IOException)
        {
            await Console.Error.WriteLineAsync($"schemastream up: {e.Message}");
            return Failed;
        }
    }

    private static async Task ServeAsync(StackOptions options, ILoggerFactory logs, CancellationToken cancellation)
    {
        await using var broker = await BrokerHost.StartAsync(
            new BrokerOptions
            {
                DataDirectory = Path.Combine(options.DataDirectory.FullName, "broker"),
                Host = options.Host,
                Port = options.KafkaPort,
                Settings = options.BrokerSettings,
            },
            logs,
            TimeProvider.System,
            cancellation);
        await using var registry = await RegistryHost.StartAsync(
            new RegistryOptions
            {
                DataDirectory = Path.Combine(options.DataDirectory.FullName, "registry"),
                Host = options.Host,
                Port = options.RegistryPort,
            },
            logs,
            cancellation);

        Console.WriteLine($"ready kafka={broker.BootstrapServers} registry={registry.BaseAddress.ToString().TrimEnd('/')}");
        await UntilCancelled(cancellation);
    }

    private static async Task UntilCancelled(CancellationToken cancellation)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stop.SetResult);
        await stop.Task;
    }
}
