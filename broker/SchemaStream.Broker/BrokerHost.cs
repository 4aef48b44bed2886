using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Addresses;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Server;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker;

/// <summary>A running broker. Started means ready: its port opens when requests will succeed.</summary>
public sealed class BrokerHost : IAsyncDisposable
{
    private readonly BrokerRuntime _runtime;
    private readonly KafkaServer _server;
    private readonly ILogger _logger;
    private readonly string _advertisedHost;
    private readonly int _advertisedPort;
    private readonly Lock _stopLock = new();
    private Task? _stopping;

    private BrokerHost(BrokerRuntime runtime, KafkaServer server, BrokerEndpoint advertised, ILogger logger)
    {
        _runtime = runtime;
        _server = server;
        _logger = logger;
        _advertisedHost = advertised.Host;
        _advertisedPort = advertised.Port;
        EndPoint = server.LocalEndPoint;
    }

    /// <summary>What clients are told to connect to, as <c>bootstrap.servers</c> has it.</summary>
    public string BootstrapServers => JoinHostAndPort(_advertisedHost, _advertisedPort);

    /// <summary>What is listened on.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Fails when the broker cannot go on, e.g. for a broken disk under its metadata. It stops itself then.</summary>
    public Task Fault => _runtime.Fault;

    /// <summary>Opens the data directory, brings up what is in it, and then opens the port.</summary>
    /// <exception cref="BrokerStartException">An option or setting is wrong, the directory or port is taken, or the disk fails.</exception>
    public static async Task<BrokerHost> StartAsync(
        BrokerOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = ListenAddress.From(options);
        var settings = ParseSettings(options);
        var logger = loggerFactory.CreateLogger<BrokerHost>();
        var server = new KafkaServer(ServerOptionsOf(address, settings), timeProvider, loggerFactory);
        try
        {
            var port = Bind(server, address);
            var advertised = new BrokerEndpoint(BrokerDefaults.ListenerName, address.AdvertisedHost, address.AdvertisedPort ?? port);
            var described = settings.WithOptions(DescribeOptions(options, address, port, advertised));
            var runtime = await StartRuntimeAsync(
                RuntimeOptionsOf(options, settings, advertised), loggerFactory, timeProvider, cancellationToken).ConfigureAwait(false);
            await OpenAsync(server, runtime, address, described).ConfigureAwait(false);
            logger.Ready(options.NodeId, server.LocalEndPoint, JoinHostAndPort(advertised.Host, advertised.Port));
            var host = new BrokerHost(runtime, server, advertised, logger);
            _ = host.StopOnFaultAsync();
            return host;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the port, answers what is under way, and closes the logs. Again and from several sides: once.</summary>
    /// <param name="cancellationToken">Cuts the wait for requests under way; the logs are closed in any case.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_stopLock)
        {
            return _stopping ??= StopOnceAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private static BrokerSettings ParseSettings(BrokerOptions options)
    {
        try
        {
            return BrokerSettings.Parse(options.Settings);
        }
        catch (BrokerSettingException wrong)
        {
            throw new BrokerStartException(wrong.Message, wrong);
        }
    }

    private static int Bind(KafkaServer server, ListenAddress address)
    {
        try
        {
            return server.Bind().Port;
        }
        catch (SocketException taken)
        {
            throw PortTaken(address, address.Port, taken);
        }
    }

    /// <summary>Until it listens, a port that was taken can be taken by another as well: the quicker one has it.</summary>
    private static async Task OpenAsync(KafkaServer server, BrokerRuntime runtime, ListenAddress address, BrokerSettings described)
    {
        try
        {
            server.Start(HandlerCatalog.Create(
                runtime.Metadata, runtime.Partitions, runtime.Groups, runtime.ProducerIds, described));
        }
        catch (SocketException taken)
        {
            var port = server.LocalEndPoint.Port;
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw PortTaken(address, port, taken);
        }
    }

    private static BrokerStartException PortTaken(ListenAddress address, int port, SocketException taken) =>
        new(
            $"The broker cannot listen at {address.Address}:{port}: {taken.Message}. Choose another port, or 0 for a free one.", taken);

    private static async Task<BrokerRuntime> StartRuntimeAsync(
        RuntimeOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            return await BrokerRuntime.StartAsync(options, loggerFactory, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is DataDirectoryException or LogStorageException)
        {
            throw new BrokerStartException(refused.Message, refused);
        }
    }

    private static ServerOptions ServerOptionsOf(ListenAddress address, BrokerSettings settings) => new()
    {
        ListenerName = BrokerDefaults.ListenerName,
        Address = address.Address,
        Port = address.Port,
        Backlog = settings.Int(BrokerSettingNames.SocketListenBacklogSize),
        MaxRequestBytes = settings.Int(BrokerSettingNames.SocketRequestMaxBytes),
        MaxQueuedRequestBytes = settings.Long(BrokerSettingNames.QueuedMaxRequestBytes),
        MaxConnections = settings.Int(BrokerSettingNames.MaxConnections),
        MaxConnectionsPerAddress = settings.Int(BrokerSettingNames.MaxConnectionsPerIp),
        MaxIdle = settings.Milliseconds(BrokerSettingNames.ConnectionsMaxIdleMs),
    };

    private static RuntimeOptions RuntimeOptionsOf(BrokerOptions options, BrokerSettings settings, BrokerEndpoint advertised) => new()
    {
        NodeId = options.NodeId,
        DataDirectory = options.DataDirectory,
        Endpoints = [advertised],
        Rack = options.Rack,
        TopicDefaults = settings.TopicDefaults,
        DefaultPartitionCount = settings.Int(BrokerSettingNames.NumPartitions),
        DefaultReplicationFactor = settings.Int(BrokerSettingNames.DefaultReplicationFactor),
        Groups = GroupOptions.From(settings),
        OffsetsTopicPartitionCount = settings.Int(BrokerSettingNames.OffsetsTopicNumPartitions),
        OffsetsTopicReplicationFactor = settings.Int(BrokerSettingNames.OffsetsTopicReplicationFactor),
        OffsetsTopicSegmentBytes = settings.Int(BrokerSettingNames.OffsetsTopicSegmentBytes),
        OffsetsCommitTimeout = settings.Milliseconds(BrokerSettingNames.OffsetsCommitTimeoutMs),
        RetentionCheckInterval = settings.Milliseconds(BrokerSettingNames.LogRetentionCheckIntervalMs),
        FetchMaxBytes = settings.FetchMaxBytes,
        LaneCount = settings.Int(BrokerSettingNames.Lanes),
        LaneCapacity = settings.Int(BrokerSettingNames.LaneQueue),
    };

    private static Dictionary<string, string> DescribeOptions(
        BrokerOptions options, ListenAddress address, int port, BrokerEndpoint advertised)
    {
        var nodeId = options.NodeId.ToString(CultureInfo.InvariantCulture);
        var described = new Dictionary<string, string>
        {
            [BrokerSettingNames.BrokerId] = nodeId,
            [BrokerSettingNames.NodeId] = nodeId,
            [BrokerSettingNames.LogDirs] = options.DataDirectory,
            [BrokerSettingNames.Listeners] = Listener(address.Address.ToString(), port),
            [BrokerSettingNames.AdvertisedListeners] = Listener(advertised.Host, advertised.Port),
        };
        if (options.Rack is not null)
        {
            described[BrokerSettingNames.BrokerRack] = options.Rack;
        }

        return described;
    }

    private static string Listener(string host, int port) => $"{BrokerDefaults.ListenerName}://{JoinHostAndPort(host, port)}";

    private static string JoinHostAndPort(string host, int port) =>
        host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _server.StopAsync(cancellationToken).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        await _runtime.DisposeAsync().ConfigureAwait(false);
        _logger.Stopped();
    }

    private async Task StopOnFaultAsync()
    {
        await Fault.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Fault.IsFaulted)
        {
            _logger.Faulted(Fault.Exception!.GetBaseException());
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
