using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Cli.Brokers;
using SchemaStream.Registry;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Cli.Up;

/// <summary>One broker and the registry in this process, started in that order and stopped in the reverse one.</summary>
internal static class Stack
{
    public static async Task<int> RunAsync(StackOptions options, CancellationToken cancellation)
    {
        using var logs = ConsoleLogs.Create(options.LogLevel);
        try
        {
            return options.Brokers == 1
                ? await ServeAsync(options, logs, cancellation)
                : await ClusterStack.ServeAsync(options, logs, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Done; // told to stop before it was ready
        }
        catch (Exception e) when (e is BrokerStartException or RegistryLogException or IOException)
        {
            await Console.Error.WriteLineAsync($"schemastream up: {e.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ServeAsync(StackOptions options, ILoggerFactory logs, CancellationToken cancellation)
    {
        ClusterLayout.RefuseAnotherLayout(options);
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
        await using var registry = await RegistryHost.StartAsync(RegistryOptionsOf(options), logs, cancellation);

        Console.WriteLine($"ready kafka={broker.BootstrapServers} registry={registry.BaseAddress.ToString().TrimEnd('/')}");
        return await RunningNode.UntilStoppedAsync(broker, cancellation);
    }

    internal static RegistryOptions RegistryOptionsOf(StackOptions options) => new()
    {
        DataDirectory = Path.Combine(options.DataDirectory.FullName, "registry"),
        Host = options.Host,
        Port = options.RegistryPort,
    };
}
