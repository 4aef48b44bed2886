using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Server;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Observation;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Nodes;

/// <summary>The servers of a node, one for each listener. Ports are taken first, for others are told of them, and opened later.</summary>
internal sealed class NodeServers : IAsyncDisposable
{
    private readonly ImmutableArray<Bound> _clients;
    private readonly Bound? _controller;

    private NodeServers(ImmutableArray<Bound> clients, Bound? controller)
    {
        _clients = clients;
        _controller = controller;
    }

    /// <summary>Where clients and brokers are told to connect to, in the settings' order.</summary>
    public ImmutableArray<BrokerEndpoint> Advertised => [.. _clients.Select(bound => bound.Advertised)];

    /// <summary>Where the controller's listener is reached; null where there is none.</summary>
    public BrokerEndpoint? AdvertisedController => _controller?.Advertised;

    /// <summary>What is listened on for clients, in the settings' order.</summary>
    public ImmutableArray<KafkaServer> Clients => [.. _clients.Select(bound => bound.Server)];

    public KafkaServer? Controller => _controller?.Server;

    private IEnumerable<Bound> All => _controller is null ? _clients : [.. _clients, _controller];

    /// <exception cref="BrokerStartException">A port is taken.</exception>
    public static async Task<NodeServers> BindAsync(
        NodeConfiguration node, ServerMetrics metrics, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        var bound = new List<Bound>();
        try
        {
            foreach (var listener in node.ControllerListener is { } controller ? node.Listeners.Add(controller) : node.Listeners)
            {
                var options = OptionsOf(listener, node.Settings);
                var server = new KafkaServer(
                    listener == node.ControllerListener ? options : WithLimitsOfClients(options, node.Settings), timeProvider, loggers, metrics);
                bound.Add(new Bound(listener, server));
                Bind(listener, server);
            }
        }
        catch
        {
            foreach (var one in bound)
            {
                await one.Server.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }

        return new NodeServers([.. bound.Take(node.Listeners.Length)], node.ControllerListener is null ? null : bound[^1]);
    }

    /// <summary>Until it listens, a port that was taken can be taken by another as well: the quicker one has it.</summary>
    /// <exception cref="BrokerStartException">Another was.</exception>
    public void OpenClients(DispatchTable table, ConnectionLimits? limits = null)
    {
        foreach (var bound in _clients)
        {
            Open(bound, table, limits);
        }
    }

    /// <exception cref="BrokerStartException">Another process opened the port first.</exception>
    public void OpenController(DispatchTable table)
    {
        if (_controller is not null)
        {
            Open(_controller, table);
        }
    }

    /// <summary>Answers what clients have under way, and turns them away.</summary>
    public Task StopClientsAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_clients.Select(bound => bound.Server.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (var bound in All)
        {
            await bound.Server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Bind(NodeListener listener, KafkaServer server)
    {
        try
        {
            server.Bind();
        }
        catch (SocketException taken)
        {
            throw PortTaken(listener, listener.Port, taken);
        }
    }

    private static void Open(Bound bound, DispatchTable table, ConnectionLimits? limits = null)
    {
        try
        {
            bound.Server.Start(table, limits);
        }
        catch (SocketException taken)
        {
            throw PortTaken(bound.Listener, bound.Server.LocalEndPoint.Port, taken);
        }
    }

    private static BrokerStartException PortTaken(NodeListener listener, int port, SocketException taken) => new(
        $"The broker cannot listen at {NodeListener.JoinHostAndPort(listener.Address.ToString(), port)}: {taken.Message}. "
        + "Choose another port, or 0 for a free one.",
        taken);

    private static ServerOptions OptionsOf(NodeListener listener, BrokerSettings settings) => new()
    {
        ListenerName = listener.Name,
        Address = listener.Address,
        Port = listener.Port,
        Backlog = settings.Int(BrokerSettingNames.SocketListenBacklogSize),
        MaxRequestBytes = settings.Int(BrokerSettingNames.SocketRequestMaxBytes),
        MaxQueuedRequestBytes = settings.Long(BrokerSettingNames.QueuedMaxRequestBytes),
    };

    /// <summary>How many clients there may be, and how idle: none of it may keep controllers from each other.</summary>
    private static ServerOptions WithLimitsOfClients(ServerOptions options, BrokerSettings settings) => options with
    {
        MaxConnections = settings.Int(BrokerSettingNames.MaxConnections),
        MaxConnectionsPerAddress = settings.Int(BrokerSettingNames.MaxConnectionsPerIp),
        MaxIdle = settings.Milliseconds(BrokerSettingNames.ConnectionsMaxIdleMs),
    };

    private sealed record Bound(NodeListener Listener, KafkaServer Server)
    {
        public BrokerEndpoint Advertised =>
            new(Listener.Name, Listener.AdvertisedHost, Listener.AdvertisedPort ?? Server.LocalEndPoint.Port);
    }
}
