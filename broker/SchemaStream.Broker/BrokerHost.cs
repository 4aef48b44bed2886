using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Observation;
using SchemaStream.Broker.Runtime;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Broker.Server.Observation;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Server.Telemetry;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker;

/// <summary>A running node. Started means ready: its ports for clients open when requests will succeed.</summary>
public sealed class BrokerHost : IAsyncDisposable
{
    private readonly BrokerRuntime _runtime;
    private readonly NodeServers _servers;
    private readonly NodeObservation _observation;
    private readonly StopLimit _limit;
    private readonly ILogger _logger;
    private readonly Lock _stopLock = new();
    private Task? _stopping;

    private BrokerHost(BrokerRuntime runtime, NodeServers servers, NodeObservation observation, StopLimit limit, ILogger logger)
    {
        _runtime = runtime;
        _servers = servers;
        _observation = observation;
        _limit = limit;
        _logger = logger;
        BootstrapServers = Join(servers.Advertised.FirstOrDefault());
        ControllerAddress = servers.AdvertisedController is { } controller ? Join(controller) : null;
        EndPoint = (servers.Clients.FirstOrDefault() ?? servers.Controller)!.LocalEndPoint;
    }

    /// <summary>Where metrics and health are served, as a URL without a slash at its end; null where they are not.</summary>
    public string? HttpAddress => _observation.HttpAddress;

    /// <summary>Whether a stop was not done in its time. What is left of it goes on as long as the process does.</summary>
    public bool WasCut { get; private set; }

    /// <summary>What clients of the first listener are told to connect to, as <c>bootstrap.servers</c> has it; empty for a controller.</summary>
    public string BootstrapServers { get; }

    /// <summary>Where the controller's listener is reached, as <c>HOST:PORT</c>; null where there is none.</summary>
    public string? ControllerAddress { get; }

    /// <summary>What is listened on: for clients, or for other nodes where it is a controller only.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Fails when the node cannot go on, e.g. for a broken disk under its metadata. It stops itself then.</summary>
    public Task Fault => _runtime.Fault;

    /// <summary>Opens the data directory, brings up what is in it, and then opens the ports.</summary>
    /// <exception cref="BrokerStartException">An option or setting is wrong, the directory or port is taken, or the disk fails.</exception>
    public static async Task<BrokerHost> StartAsync(
        BrokerOptions options, ILoggerFactory loggerFactory, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var node = NodeConfiguration.From(options);
        var logger = loggerFactory.CreateLogger<BrokerHost>();
        if (node.Settings.Ignored is { Count: > 0 } ignored)
        {
            logger.SettingsIgnored(string.Join(", ", ignored));
        }

        var observation = NodeObservation.Start(node, timeProvider, logger);
        var limit = new StopLimit(node.Settings.Milliseconds(BrokerSettingNames.ShutdownTimeoutMs), timeProvider);
        NodeServers? servers = null;
        BrokerRuntime? runtime = null;
        try
        {
            servers = await NodeServers.BindAsync(node, new ServerMetrics(observation.Meter, timeProvider), timeProvider, loggerFactory)
                .ConfigureAwait(false);
            runtime = BrokerRuntime.Begin(NodeRuntimeOptions.From(node, servers), loggerFactory, timeProvider);
            observation.Attach(runtime.Observe(observation.Meter, timeProvider, loggerFactory));
            await OpenAsync(node, servers, runtime, observation, timeProvider, cancellationToken).ConfigureAwait(false);
            observation.Health.Serves(runtime.WhyNotServing);
            var host = new BrokerHost(runtime, servers, observation, limit, logger);
            logger.Started(node, servers, host.EndPoint);
            _ = host.StopOnFaultAsync();
            return host;
        }
        catch (Exception failure)
        {
            observation.Health.Drains();
            using var all = limit.All();
            if (!await StopLimit.WithinAsync(CloseAsync(servers, runtime), all).ConfigureAwait(false))
            {
                logger.StopCut(limit.Timeout);
            }

            await observation.DisposeAsync().ConfigureAwait(false);
            if (failure is DataDirectoryException or ClusterJoinException or LogStorageException)
            {
                throw new BrokerStartException(failure.Message, failure);
            }

            throw;
        }
    }

    /// <summary>
    /// Hands leaderships over, closes the ports, answers what is under way, and closes the logs, within
    /// <c>schemastream.shutdown.timeout.ms</c>. Again and from several sides: once.
    /// </summary>
    /// <param name="cancellationToken">Cuts the wait for others and for requests under way; the logs are closed in any case.</param>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_stopLock)
        {
            return _stopping ??= StopOnceAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>
    /// The controllers come together over their listener, so that one opens first. Clients' listeners open once this broker
    /// may lead, for its followers come in there too.
    /// </summary>
    private static async Task OpenAsync(
        NodeConfiguration node,
        NodeServers servers,
        BrokerRuntime runtime,
        NodeObservation observation,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        servers.OpenController(HandlerCatalog.CreateForControllers(runtime.Metadata, runtime.Quorum, runtime.Controller));

        // Made while the quorum comes together, which leaves this thread nothing to do.
        var forClients = node.IsBroker ? CatalogForClients(node, servers, runtime, observation, timeProvider) : null;
        await runtime.ServingAsync(cancellationToken).ConfigureAwait(false);
        if (forClients is not null)
        {
            servers.OpenClients(forClients, new ConnectionLimits(runtime.Metadata));
        }

        await runtime.ReadyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static DispatchTable CatalogForClients(
        NodeConfiguration node, NodeServers servers, BrokerRuntime runtime, NodeObservation observation, TimeProvider timeProvider) =>
        HandlerCatalog.Create(
            runtime.Metadata,
            runtime.Partitions,
            runtime.Groups,
            runtime.Transactions,
            runtime.TransactionMarkers,
            runtime.ProducerIds,
            NodeRuntimeOptions.Describe(node, servers),
            runtime.Quorum,
            timeProvider,
            ClientQuotas.Create(runtime.Metadata, node.Settings, timeProvider),
            runtime.LogDirectories,
            new ClientTelemetry(runtime.Metadata, node.Settings, observation.Meter, timeProvider));

    private static string Join(Metadata.Images.BrokerEndpoint? endpoint) =>
        endpoint is null ? "" : NodeListener.JoinHostAndPort(endpoint.Host, endpoint.Port);

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        _logger.Stopping(_limit.Timeout);
        _observation.Health.Drains();
        using var all = _limit.All();
        using (var forClients = _limit.ForClients())
        using (var clients = CancellationTokenSource.CreateLinkedTokenSource(forClients.Token, cancellationToken))
        {
            // Leadership moves while clients are still served; the controller's listener is needed to the very end.
            await _runtime.LeaveAsync(clients.Token).ConfigureAwait(false);
            await _servers.StopClientsAsync(clients.Token).ConfigureAwait(false);
        }

        WasCut = !await StopLimit.WithinAsync(CloseAsync(null, _runtime), all).ConfigureAwait(false);
        if (WasCut)
        {
            _logger.StopCut(_limit.Timeout);
            return;
        }

        await _servers.DisposeAsync().ConfigureAwait(false);
        await _observation.DisposeAsync().ConfigureAwait(false);
        _logger.Stopped();
    }

    private static async Task CloseAsync(NodeServers? servers, BrokerRuntime? runtime)
    {
        if (servers is not null)
        {
            // No one comes in any more while the inside is taken down.
            await servers.DisposeAsync().ConfigureAwait(false);
        }

        if (runtime is not null)
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task StopOnFaultAsync()
    {
        await Fault.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Fault.IsFaulted)
        {
            _observation.Health.Faults();
            _logger.Faulted(Fault.Exception!.GetBaseException());
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
