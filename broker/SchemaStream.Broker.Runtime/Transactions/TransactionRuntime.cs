using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Coordinators;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>What a broker coordinates of transactions: the shards, their markers, and the way to other brokers.</summary>
internal sealed class TransactionRuntime : IAsyncDisposable
{
    private readonly TransactionOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggers;
    private readonly RemoteBrokers _remote;
    private readonly MarkerWriter _markers;
    private readonly TransactionAccess _access;

    public TransactionRuntime(
        RuntimeOptions options,
        IMetadataAccess metadata,
        HostedPartitions partitions,
        IProducerIdAccess producerIds,
        ITransactionMarkers localMarkers,
        TimeProvider timeProvider,
        ILoggerFactory loggers)
    {
        _options = options.Transactions;
        _timeProvider = timeProvider;
        _loggers = loggers;
        _remote = new RemoteBrokers(metadata, options.Replicas.InterBrokerListener, options.Cluster.RequestTimeout, timeProvider);
        _markers = new MarkerWriter(metadata, localMarkers, _remote, timeProvider, loggers.CreateLogger<MarkerWriter>());
        _access = new TransactionAccess(
            metadata,
            new CoordinatorShards<TransactionShardHost>(
                metadata,
                partitions,
                new CoordinatorTopic(InternalTopics.TransactionState)
                {
                    PartitionCount = _options.TopicPartitionCount,
                    ReplicationFactor = _options.TopicReplicationFactor,
                    SegmentBytes = _options.TopicSegmentBytes,
                    MinInSyncReplicas = _options.TopicMinInSyncReplicas,
                }),
            producerIds,
            _remote,
            timeProvider);
    }

    public ITransactionAccess Access => _access;

    /// <summary>Completes when the shards that are being loaded are loaded.</summary>
    public Task Loaded => _access.Loaded;

    /// <summary>The coordinator for a partition of the internal topic.</summary>
    public IPartitionTenant Host(HostedPartition partition) => new TransactionShardHost(
        partition, _options, _markers, _timeProvider, _loggers.CreateLogger<TransactionShardHost>());

    public ValueTask DisposeAsync() => _remote.DisposeAsync();
}
