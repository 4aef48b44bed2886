using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Broker;
using SchemaStream.TestKit;

namespace SchemaStream.Bench.Cluster.Allocations;

/// <summary>Brokers in this process, the first of them the controller too: the runtime's count of allocations is all of theirs.</summary>
internal sealed class HostedCluster : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<BrokerHost> _hosts = [];

    private HostedCluster()
    {
    }

    public IReadOnlyList<BrokerAddress> Brokers => [.. _hosts.Select((host, i) => new BrokerAddress(i + 1, host.EndPoint))];

    public static async Task<HostedCluster> StartAsync(int brokers, CancellationToken cancellation)
    {
        var cluster = new HostedCluster();
        try
        {
            var controllerPort = FreePort();
            cluster._hosts.AddRange(await Task.WhenAll(Enumerable.Range(1, brokers).Select(node => BrokerHost.StartAsync(
                new BrokerOptions { Settings = cluster.SettingsOf(node, controllerPort) },
                NullLoggerFactory.Instance,
                TimeProvider.System,
                cancellation))));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The controller last: the others tell it that they go.
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await host.DisposeAsync();
        }

        _directory.Dispose();
    }

    private Dictionary<string, string> SettingsOf(int node, int controllerPort)
    {
        var controller = node == 1 ? $",CONTROLLER://127.0.0.1:{controllerPort}" : "";
        return new Dictionary<string, string>
        {
            ["node.id"] = node.ToString(CultureInfo.InvariantCulture),
            ["process.roles"] = node == 1 ? "broker,controller" : "broker",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{FreePort()}{controller}",
            ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["controller.listener.names"] = "CONTROLLER",
            ["controller.quorum.voters"] = $"1@127.0.0.1:{controllerPort}",
            ["cluster.id"] = "bench-cluster-of-one-p",
            ["log.dirs"] = Path.Combine(_directory.Path, $"broker-{node}"),
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
