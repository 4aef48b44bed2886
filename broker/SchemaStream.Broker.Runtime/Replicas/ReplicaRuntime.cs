using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cleaning;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.Groups;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Transactions;
using SchemaStream.Broker.Storage.Directories;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// What a broker does with partitions: the lanes they are on, their logs, how they follow and are followed, what their logs
/// need now and then, and the groups that live in some of them.
/// </summary>
internal sealed class ReplicaRuntime : IDisposable
{
    private readonly IMetadataAccess _metadata;
    private readonly RuntimeOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly Lane[] _lanes;
    private readonly HostedPartitions _partitions;
    private readonly ReplicaHost _host;
    private readonly LogUpkeep _upkeep;
    private readonly LogCleaner _cleaner;
    private readonly FailedLeaders _failedLeaders;
    private readonly LogFlusher _flusher = new();
    private readonly IsrUpdates _isrUpdates;
    private readonly GroupAccess _groups;
    private readonly TransactionRuntime _transactions;

    /// <param name="metadata">Nothing is asked of it before the first image has come.</param>
    public ReplicaRuntime(
        RuntimeOptions options,
        DataDirectory data,
        IMetadataAccess metadata,
        IProducerIdAccess producerIds,
        TimeProvider timeProvider,
        ILoggerFactory loggers)
    {
        _options = options;
        _metadata = metadata;
        _loggers = loggers;
        _lanes = [.. Enumerable.Range(0, options.LaneCount)
            .Select(number => new Lane($"partitions-{number}", options.LaneCapacity, timeProvider, loggers.CreateLogger<Lane>()))];
        _partitions = new HostedPartitions(_lanes, options.MetricsMaxSeries);
        _groups = new GroupAccess(metadata, _partitions, options);
        TransactionMarkers = new TransactionMarkers(_partitions, options.Transactions.CommitTimeout);
        _transactions = new TransactionRuntime(options, metadata, _partitions, producerIds, TransactionMarkers, timeProvider, loggers);
        var quotas = ReplicationQuotas.Create(timeProvider);
        var fetchers = new ReplicaFetchers(
            options.NodeId, options.Replicas, quotas, timeProvider, loggers.CreateLogger<ReplicaFetchers>());
        _host = new ReplicaHost(
            options.NodeId, data, _partitions, fetchers, options.Replicas, Settle, loggers.CreateLogger<ReplicaHost>())
        {
            TopicsDeleted = async names =>
                await _groups.SubmitToAllAsync(new TopicsDeletedCommand(names), CancellationToken.None).ConfigureAwait(false),
        };
        _isrUpdates = new IsrUpdates(
            _partitions, metadata, options.Replicas, timeProvider, loggers.CreateLogger<IsrUpdates>());
        _upkeep = new LogUpkeep(
            _partitions,
            _host,
            options.RetentionCheckInterval,
            options.Replicas.HighWatermarkCheckpointInterval,
            timeProvider,
            loggers.CreateLogger<LogUpkeep>());
        _failedLeaders = new FailedLeaders(_partitions, metadata, timeProvider, loggers.CreateLogger<FailedLeaders>());
        _cleaner = new LogCleaner(_partitions, data, options.Cleaner, timeProvider, loggers.CreateLogger<LogCleaner>());
        LogDirectories = new LogDirectoryAccess(_partitions, data.Root.Path);
        Partitions = new PartitionAccess(
            _partitions,
            options.FetchMaxBytes,
            options.Replicas.Selection == ReplicaSelection.RackAware ? new KnownBrokers(_partitions) : null,
            quotas.Leader,
            timeProvider,
            loggers.CreateLogger<PartitionAccess>());
    }

    /// <summary>
    /// To be told of images. The first one has to show the registration of this very process: what older ones say of leaders
    /// was true of the process before it, and partitions they do not know yet would be set aside.
    /// </summary>
    public IImageFollower Images => _host;

    public IPartitionAccess Partitions { get; }

    /// <summary>For those who watch.</summary>
    public LogCleaner Cleaner => _cleaner;

    /// <summary>What is here, for those who watch.</summary>
    public HostedPartitions Hosted => _partitions;

    public ILogDirectoryAccess LogDirectories { get; }

    public IGroupAccess Groups => _groups;

    public ITransactionAccess Transactions => _transactions.Access;

    public ITransactionMarkers TransactionMarkers { get; }

    /// <summary>Completes when the groups and transactions that are being loaded are loaded.</summary>
    public Task CoordinatorsLoaded => Task.WhenAll(_groups.Loaded, _transactions.Loaded);

    /// <summary>How many partitions have a replica here.</summary>
    public int PartitionCount => _partitions.All.Count;

    /// <summary>Begins with what is done now and then; after the first image.</summary>
    public void Start()
    {
        _isrUpdates.Start();
        _upkeep.Start();
        _cleaner.Start();
        _failedLeaders.Start();
    }

    /// <summary>
    /// Ends what is under way and closes every log; once no images come any more. True when all went well, so that the next
    /// start need not look.
    /// </summary>
    /// <exception cref="Storage.Files.LogStorageException">The checkpoints could not be written.</exception>
    public async Task<bool> CloseAsync()
    {
        await _isrUpdates.DisposeAsync().ConfigureAwait(false);
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        await _cleaner.DisposeAsync().ConfigureAwait(false);
        await _failedLeaders.DisposeAsync().ConfigureAwait(false);
        await _transactions.DisposeAsync().ConfigureAwait(false);
        var isClean = await _host.CloseAsync().ConfigureAwait(false);
        await _flusher.DisposeAsync().ConfigureAwait(false);
        return isClean;
    }

    /// <summary>Refuses whatever still comes.</summary>
    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }

    /// <summary>What a partition that has just come gets to do with.</summary>
    private void Settle(HostedPartition partition)
    {
        partition.IsrUpdates = _isrUpdates;
        partition.Counts = _partitions.Counts;
        partition.Flusher = _flusher;
        partition.FailedLeaders = _failedLeaders;
        partition.ProducerIdExpiration = _options.ProducerIdExpiration;
        partition.Verifications = new TransactionVerifications(
            partition, _transactions.Access, _options.Transactions.PartitionVerification);
        if (partition.Topic == InternalTopics.ConsumerOffsets)
        {
            partition.Tenant = new GroupShardHost(
                partition, _metadata, _options.Groups, _options.OffsetsCommitTimeout, _loggers.CreateLogger<GroupShardHost>());
        }
        else if (partition.Topic == InternalTopics.TransactionState)
        {
            partition.Tenant = _transactions.Host(partition);
        }
    }
}
