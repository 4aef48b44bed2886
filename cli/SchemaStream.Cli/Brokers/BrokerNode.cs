using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Cli.Processes;

namespace SchemaStream.Cli.Brokers;

/// <summary>A node from its file to its end.</summary>
internal static class BrokerNode
{
    public static async Task<int> RunAsync(string configPath, ILoggerFactory logs, CancellationToken cancellation)
    {
        var file = BrokerConfigFile.Load(configPath);
        using var pid = PidFile.Take(file.Path);
        await using var node = await BrokerHost.StartAsync(BrokerOptions.FromFile(file), logs, TimeProvider.System, cancellation);
        Console.WriteLine(node.BootstrapServers.Length > 0 ? $"ready kafka={node.BootstrapServers}" : $"ready controller={node.ControllerAddress}");
        return await RunningNode.UntilStoppedAsync(node, cancellation);
    }
}
