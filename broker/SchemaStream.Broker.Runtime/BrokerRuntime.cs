using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime;

/// <summary>
/// A broker's inside: directory, lanes, controller, partitions and groups, started and stopped in their order. The server
/// stands in front of it and is started after and stopped before it.
/// </summary>
public sealed partial class BrokerRuntime : IAsyncDisposable
{
    private readonly RuntimeOptions _options;
    private readonly ILogger _logger;
    private readonly BrokerDirectory _directory;
    private readonly ReplicaRuntime _replicas;
    private readonly LocalMetadataLog _metadataLog;
    private readonly MetadataDriver _metadata;
    private ProducerIdAccess? _producerIds;
    private int _stopped;

    private BrokerRuntime(RuntimeOptions options, BrokerDirectory directory, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<BrokerRuntime>();
        _directory = directory;
        _metadataLog = OpenMetadataLog(directory, timeProvider, _logger);
        _metadata = new MetadataDriver(
            options.NodeId,
            _metadataLog,
            new ClusterController(ControllerOptions(options), new Random()),
            new LaneClock(timeProvider),
            loggers.CreateLogger<MetadataDriver>());
        _replicas = new ReplicaRuntime(options, directory.Data, _metadata, timeProvider, loggers);
    }

    public IMetadataAccess Metadata => _metadata;

    public IPartitionAccess Partitions => _replicas.Partitions;

    public IGroupAccess Groups => _replicas.Groups;

    public IProducerIdAccess ProducerIds => _producerIds!;

    /// <summary>Fails when the broker cannot go on: its metadata log is broken. The host should stop it then.</summary>
    public Task Fault => _metadata.Fault;

    /// <summary>Opens the data directory and completes when requests will be served.</summary>
    /// <exception cref="DataDirectoryException">The directory is in use, or another broker's.</exception>
    /// <exception cref="LogStorageException">The disk fails, or the metadata log cannot be read.</exception>
    public static async Task<BrokerRuntime> StartAsync(
        RuntimeOptions options, ILoggerFactory loggers, TimeProvider timeProvider, CancellationToken cancellationToken) =>
        await StartAsync(new FileLogDirectory(options.DataDirectory), options, loggers, timeProvider, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>As the other, on any disk.</summary>
    internal static async Task<BrokerRuntime> StartAsync(
        ILogDirectory root,
        RuntimeOptions options,
        ILoggerFactory loggers,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var directory = BrokerDirectory.Open(root, options.NodeId, options.ClusterId);
        BrokerRuntime? runtime = null;
        try
        {
            runtime = new BrokerRuntime(options, directory, timeProvider, loggers);
            await runtime.StartAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            if (runtime is not null)
            {
                await runtime.DisposeAsync().ConfigureAwait(false);
            }

            directory.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends what is queued, closes every log and gives the directory back. Only when all that went well does the next
    /// start trust the logs without looking.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        await _metadata.StopAsync().ConfigureAwait(false);
        var clean = await CloseLogsAsync().ConfigureAwait(false);
        _replicas.Dispose();
        if (clean)
        {
            _directory.Data.MarkCleanShutdown();
        }

        _producerIds?.Dispose();
        _directory.Dispose();
        Stopped(_options.NodeId, clean);
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static ControllerOptions ControllerOptions(RuntimeOptions options) => new()
    {
        DefaultPartitionCount = options.DefaultPartitionCount,
        DefaultReplicationFactor = options.DefaultReplicationFactor,
        TopicDefaults = options.TopicDefaults,
    };

    private static LocalMetadataLog OpenMetadataLog(BrokerDirectory directory, TimeProvider timeProvider, ILogger logger)
    {
        var log = directory.Data.OpenLog(
            LocalMetadataLog.Directory,
            LocalMetadataLog.TopicId,
            LocalMetadataLog.Config,
            new LogFileCache(LocalMetadataLog.OpenFiles),
            timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        LogRepairs.Tell(logger, LocalMetadataLog.Directory.Name, log);
        return new LocalMetadataLog(log, timeProvider);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _metadata.Start(_replicas.Images);
        var clusterId = _directory.Properties.ClusterId;
        var initialized = await _metadata.SubmitAsync(new InitializeClusterCommand(clusterId), cancellationToken).ConfigureAwait(false);
        ThrowUnless(initialized.ErrorCode, initialized.ErrorMessage, "initialize the cluster");

        var register = new RegisterBrokerCommand(_options.NodeId, Guid.NewGuid(), _options.Endpoints, _options.Rack);
        var registered = await _metadata.SubmitAsync(register, cancellationToken).ConfigureAwait(false);
        ThrowUnless(registered.ErrorCode, registered.ErrorMessage, "register the broker");
        _producerIds = new ProducerIdAccess(_metadata, registered.BrokerEpoch);

        var unfenced = await _metadata
            .SubmitAsync(new UnfenceBrokerCommand(_options.NodeId, registered.BrokerEpoch), cancellationToken)
            .ConfigureAwait(false);
        ThrowUnless(unfenced.ErrorCode, unfenced.ErrorMessage, "unfence the broker");

        // Up means ready: whoever finds a coordinator after this is not told to wait for its groups.
        await _replicas.GroupsLoaded.WaitAsync(cancellationToken).ConfigureAwait(false);
        _replicas.Start();
        Started(_options.NodeId, clusterId, _metadata.Image.TopicCount, _replicas.PartitionCount);
    }

    private static void ThrowUnless(ErrorCode error, string? message, string purpose)
    {
        if (error != ErrorCode.None)
        {
            throw new DataDirectoryException($"Could not {purpose}: {error} {message}");
        }
    }

    private async Task<bool> CloseLogsAsync()
    {
        try
        {
            var clean = await _replicas.CloseAsync().ConfigureAwait(false);
            _metadataLog.Close();
            return clean && !Fault.IsFaulted;
        }
        catch (LogStorageException cause)
        {
            CloseFailed(cause);
            _metadataLog.Dispose();
            return false;
        }
    }

    [LoggerMessage(
        EventId = 1001,
        Level = LogLevel.Information,
        Message = "Node {NodeId} of cluster {ClusterId} has started with {Topics} topics and {Partitions} partitions")]
    private partial void Started(int nodeId, string clusterId, int topics, int partitions);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Node {NodeId} has stopped (cleanly: {Clean})")]
    private partial void Stopped(int nodeId, bool clean);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "The logs could not all be closed; the next start checks them")]
    private partial void CloseFailed(Exception cause);
}
