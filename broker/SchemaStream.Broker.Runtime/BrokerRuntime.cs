using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime;

/// <summary>
/// A node's inside: its part of the quorum, the controller, and, of a broker, its life in the cluster with its partitions and
/// groups; started and stopped in their order. The servers stand in front of it. The controller's listener opens as soon as
/// the node is begun, as the quorum needs it; the clients' one when it is ready, and it closes after the broker has left.
/// </summary>
public sealed partial class BrokerRuntime : IAsyncDisposable
{
    private readonly RuntimeOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerDirectory _directory;
    private readonly QuorumDriver _quorum;
    private readonly ControllerLoop _controller;
    private readonly ControllerChannel _commandChannel;
    private readonly ControllerChannel _heartbeatChannel;
    private readonly ImagePublisher _images;
    private readonly MetadataAccess _metadata;
    private readonly BrokerLifecycle? _lifecycle;
    private readonly ProducerIdAccess? _producerIds;
    private readonly ReplicaRuntime? _replicas;
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Threading.Lock _gate = new();
    private Task? _leaving;
    private Task? _stopping;

    private BrokerRuntime(
        RuntimeOptions options, BrokerDirectory directory, IQuorumConnector connector, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<BrokerRuntime>();
        _directory = directory;
        var clusterId = directory.Properties.ClusterId;
        _images = new ImagePublisher(loggers.CreateLogger<ImagePublisher>());
        _quorum = OpenQuorum(options, directory, connector, timeProvider, loggers);
        _controller = new ControllerLoop(
            clusterId,
            _quorum,
            new ClusterController(ControllerOptions(options), new Random()),
            options.TopicDefaults.OfBroker(options.NodeId),
            _images.Offer,
            loggers.CreateLogger<ControllerLoop>());
        _commandChannel = new ControllerChannel(clusterId, connector);
        _heartbeatChannel = new ControllerChannel(clusterId, connector);
        _metadata = new MetadataAccess(
            options.NodeId,
            new ControllerCaller(_quorum, _controller, _commandChannel, timeProvider),
            _images,
            options.Cluster.RequestTimeout);
        if (options.Cluster.IsBroker)
        {
            _lifecycle = new BrokerLifecycle(
                Registration(options, directory),
                options.Cluster,
                new ControllerCaller(_quorum, _controller, _heartbeatChannel, timeProvider),
                timeProvider,
                loggers.CreateLogger<BrokerLifecycle>());
            _producerIds = new ProducerIdAccess(_metadata, _lifecycle);
            _replicas = new ReplicaRuntime(options, directory.Data, _metadata, _producerIds, timeProvider, loggers);
        }
    }

    public IMetadataAccess Metadata => _metadata;

    /// <summary>The quorum, for the handlers of the controller's listener and for administrators.</summary>
    public IQuorumAccess Quorum => _quorum;

    /// <summary>The controller of this node, for the handlers of the controller's listener.</summary>
    public IControllerAccess Controller => _controller;

    /// <summary>Of a node that is a broker; as the following ones.</summary>
    public IBrokerLifecycle Lifecycle => _lifecycle ?? throw NoBroker();

    public IPartitionAccess Partitions => (_replicas ?? throw NoBroker()).Partitions;

    public ILogDirectoryAccess LogDirectories => (_replicas ?? throw NoBroker()).LogDirectories;

    public IGroupAccess Groups => (_replicas ?? throw NoBroker()).Groups;

    public ITransactionAccess Transactions => (_replicas ?? throw NoBroker()).Transactions;

    public ITransactionMarkers TransactionMarkers => (_replicas ?? throw NoBroker()).TransactionMarkers;

    public IProducerIdAccess ProducerIds => _producerIds ?? throw NoBroker();

    /// <summary>Fails when the node cannot go on: its metadata log is broken, or the cluster does not take it in.</summary>
    public Task Fault => _fault.Task;

    /// <summary>Begins and completes when requests will be served; for a node whose quorum needs no listener.</summary>
    /// <exception cref="DataDirectoryException">The directory is in use, or another broker's.</exception>
    /// <exception cref="ClusterJoinException">The cluster does not take this broker in.</exception>
    /// <exception cref="LogStorageException">The disk fails, or the metadata log cannot be read.</exception>
    public static async Task<BrokerRuntime> StartAsync(
        RuntimeOptions options, ILoggerFactory loggers, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        await StartAsync(new FileLogDirectory(options.DataDirectory), options, loggers, timeProvider, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>
    /// Opens the data directory and takes part in the quorum: the controller's listener can be opened now, and has to be
    /// before <see cref="ReadyAsync"/>, where the quorum has other voters.
    /// </summary>
    /// <exception cref="DataDirectoryException">The directory is in use, or another broker's.</exception>
    /// <exception cref="LogStorageException">The disk fails, or the metadata log cannot be read.</exception>
    public static BrokerRuntime Begin(RuntimeOptions options, ILoggerFactory loggers, TimeProvider timeProvider) =>
        Begin(
            new FileLogDirectory(options.DataDirectory), options, new QuorumConnector(options.NodeId, timeProvider), loggers, timeProvider);

    /// <summary>As the other, on any disk.</summary>
    internal static async Task<BrokerRuntime> StartAsync(
        ILogDirectory root,
        RuntimeOptions options,
        ILoggerFactory loggers,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var runtime = Begin(root, options, new QuorumConnector(options.NodeId, timeProvider), loggers, timeProvider);
        try
        {
            await runtime.ReadyAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>As the other, on any disk and network.</summary>
    internal static BrokerRuntime Begin(
        ILogDirectory root, RuntimeOptions options, IQuorumConnector connector, ILoggerFactory loggers, TimeProvider timeProvider)
    {
        var directory = BrokerDirectory.Open(root, options.NodeId, options.ClusterId, options.Cluster.IsAlone(options.NodeId));
        try
        {
            var runtime = new BrokerRuntime(options, directory, connector, timeProvider, loggers);
            runtime.Begin();
            return runtime;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Completes when this broker is registered, has carried the metadata out and may lead. Its listeners open now at the
    /// latest: followers fetch from it, and what it still has to load may have to be replicated first. It takes as long as it
    /// takes the quorum to come together. A controller alone is done at once.
    /// </summary>
    /// <exception cref="ClusterJoinException">The cluster does not take this broker in.</exception>
    /// <exception cref="LogStorageException">The disk fails, or the metadata log cannot be read.</exception>
    public async Task ServingAsync(CancellationToken cancellationToken)
    {
        if (_lifecycle is not null)
        {
            await Task.WhenAny(_lifecycle.Serving, Fault).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (Fault.IsFaulted)
            {
                await Fault.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Completes when requests will succeed: this broker serves, and its groups and transactions are loaded.</summary>
    /// <exception cref="ClusterJoinException">The cluster does not take this broker in.</exception>
    /// <exception cref="LogStorageException">The disk fails, or the metadata log cannot be read.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await ServingAsync(cancellationToken).ConfigureAwait(false);
        if (_replicas is not null)
        {
            // Up means ready: whoever finds a coordinator after this is not told to wait for its groups.
            var loadedOrFailed = await Task.WhenAny(_replicas.CoordinatorsLoaded, Fault).WaitAsync(cancellationToken).ConfigureAwait(false);
            await loadedOrFailed.ConfigureAwait(false);
            _replicas.Start();
        }

        Started(
            _options.NodeId,
            _directory.Properties.ClusterId,
            _metadata.Image.TopicCount,
            _replicas?.PartitionCount ?? 0,
            _options.Cluster.Roles);
    }

    /// <summary>
    /// A broker's controlled shutdown: has leadership moved to others while it still serves. Done before the clients'
    /// listener closes; a stop does it otherwise.
    /// </summary>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _leaving ??= _lifecycle is null || Fault.IsFaulted ? Task.CompletedTask : _lifecycle.LeaveAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Leaves, ends what is queued, closes every log and gives the directory back. Only when all that went well does the
    /// next start trust the logs without looking.
    /// </summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            return _stopping ??= StopOnceAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static ControllerOptions ControllerOptions(RuntimeOptions options) => new()
    {
        DefaultPartitionCount = options.DefaultPartitionCount,
        DefaultReplicationFactor = options.DefaultReplicationFactor,
        TopicDefaults = options.TopicDefaults.OfBroker(options.NodeId),
        BrokerSessionTimeout = options.Cluster.SessionTimeout,
        AutoLeaderRebalance = options.Cluster.AutoLeaderRebalance,
        LeaderImbalanceCheckInterval = options.Cluster.LeaderImbalanceCheckInterval,
        LeaderImbalancePerBrokerPercentage = options.Cluster.LeaderImbalancePerBrokerPercentage,
    };

    private static QuorumDriver OpenQuorum(
        RuntimeOptions options, BrokerDirectory directory, IQuorumConnector connector, TimeProvider timeProvider, ILoggerFactory loggers) =>
        QuorumDriver.Open(
            directory.Data,
            new QuorumOptions
            {
                NodeId = options.NodeId,
                ClusterId = directory.Properties.ClusterId,
                Voters = options.Cluster.QuorumVoters,
                ElectionTimeout = options.Cluster.QuorumElectionTimeout,
                FetchTimeout = options.Cluster.QuorumFetchTimeout,
                MaxBytesBetweenSnapshots = options.Cluster.MetadataMaxBytesBetweenSnapshots,
                MaxSnapshotInterval = options.Cluster.MetadataMaxSnapshotInterval,
            },
            connector,
            timeProvider,
            loggers);

    private static RegisterBrokerCommand Registration(RuntimeOptions options, BrokerDirectory directory) =>
        new(options.NodeId, Guid.NewGuid(), options.Endpoints, options.Rack)
        {
            DirectoryId = directory.Properties.DirectoryUuid,
            PreviousShutdownWasClean = directory.Data.WasCleanShutdown,
        };

    private static InvalidOperationException NoBroker() => new("This node is no broker: its process.roles is controller.");

    private void Begin()
    {
        Watch(_quorum.Fault);
        Watch(_images.Fault);
        _images.Start(
            _replicas?.Images ?? NoFollower.Instance,
            _lifecycle is null ? _ => true : _lifecycle.MayBeShown,
            _lifecycle is null ? _ => { } : _lifecycle.Shown);
        _quorum.Start(_controller);
        if (_lifecycle is not null)
        {
            Watch(_lifecycle.Fault);
            _lifecycle.Start();
        }
    }

    private void Watch(Task part) =>
        part.ContinueWith(
            failed => _fault.TrySetException(failed.Exception!.InnerExceptions),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);

    private async Task StopOnceAsync()
    {
        await LeaveAsync(CancellationToken.None).ConfigureAwait(false);
        if (_lifecycle is not null)
        {
            await _lifecycle.DisposeAsync().ConfigureAwait(false);
        }

        // Whoever still asks the controller has a way no more; and no image changes what is closed now.
        _metadata.Dispose();
        await _images.StopAsync().ConfigureAwait(false);
        var clean = await TryAsync(async () => _replicas is null || await _replicas.CloseAsync().ConfigureAwait(false)).ConfigureAwait(false);
        _replicas?.Dispose();
        _producerIds?.Dispose();
        clean &= await TryAsync(CloseQuorumAsync).ConfigureAwait(false);
        await _commandChannel.DisposeAsync().ConfigureAwait(false);
        await _heartbeatChannel.DisposeAsync().ConfigureAwait(false);
        clean = clean && !Fault.IsFaulted && await TryAsync(MarkCleanAsync).ConfigureAwait(false);
        _directory.Dispose();
        Stopped(_options.NodeId, clean);
    }

    private async Task<bool> CloseQuorumAsync()
    {
        await _quorum.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    private Task<bool> MarkCleanAsync()
    {
        if (_replicas is null)
        {
            // A broker has checkpointed its own logs; without any checkpoint the next start does not believe the mark.
            _directory.Data.WriteCheckpoints([_quorum.Checkpoint]);
        }

        _directory.Data.MarkCleanShutdown();
        return Task.FromResult(true);
    }

    /// <summary>A disk that fails at the end costs the next start a look; it keeps nothing else from being closed.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> close)
    {
        try
        {
            return await close().ConfigureAwait(false);
        }
        catch (LogStorageException cause)
        {
            CloseFailed(cause);
            return false;
        }
    }

    [LoggerMessage(
        EventId = 1001,
        Level = LogLevel.Information,
        Message = "Node {NodeId} of cluster {ClusterId} has started with {Topics} topics and {Partitions} partitions, as {Roles}")]
    private partial void Started(int nodeId, string clusterId, int topics, int partitions, ProcessRoles roles);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Node {NodeId} has stopped (cleanly: {Clean})")]
    private partial void Stopped(int nodeId, bool clean);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "The logs could not all be closed; the next start checks them")]
    private partial void CloseFailed(Exception cause);
}
