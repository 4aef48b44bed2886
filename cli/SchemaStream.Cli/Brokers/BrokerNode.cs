using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Brokers;

/// <summary>A node from its settings to its end.</summary>
internal static class BrokerNode
{
    public static async Task<int> RunAsync(
        BrokerConfigFile? file, IReadOnlyDictionary<string, string> set, bool readsEnvironment, LogLevel? logLevel, CancellationToken cancellation)
    {
        var configuration = BrokerConfiguration.From(file, readsEnvironment ? EnvironmentSettings.OfThisProcess() : [], set);
        if (configuration.IsEmpty)
        {
            throw new BrokerStartException(
                "nothing says what to run: give --config FILE, or settings by --set log.dirs=DIR or KAFKA_LOG_DIRS");
        }

        var options = BrokerOptions.From(configuration);
        using var logs = ConsoleLogs.Create(NodeConfiguration.From(options).Settings, logLevel);
        using var pid = file is null ? null : PidFile.Take(file.Path);
        await using var node = await BrokerHost.StartAsync(options, logs, TimeProvider.System, cancellation);
        Console.WriteLine((node.BootstrapServers.Length > 0 ? $"ready kafka={node.BootstrapServers}" : $"ready controller={node.ControllerAddress}")
            + RunningNode.Http(node));
        return await RunningNode.RunAsync(node, cancellation);
    }
}
