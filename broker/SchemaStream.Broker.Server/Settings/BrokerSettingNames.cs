namespace SchemaStream.Broker.Server.Settings;

/// <summary>The keys of the broker's own settings, by Kafka's names. The defaults of topic configs have theirs in Metadata.</summary>
public static partial class BrokerSettingNames
{
    public const string AutoCreateTopicsEnable = "auto.create.topics.enable";
    public const string ConnectionsMaxIdleMs = "connections.max.idle.ms";
    public const string DefaultReplicationFactor = "default.replication.factor";
    public const string DeleteTopicEnable = "delete.topic.enable";
    public const string FetchMaxBytes = "fetch.max.bytes";
    public const string FetchSessionCacheSlots = "max.incremental.fetch.session.cache.slots";
    public const string GroupConsumerAssignors = "group.consumer.assignors";
    public const string GroupConsumerHeartbeatIntervalMs = "group.consumer.heartbeat.interval.ms";
    public const string GroupConsumerMaxSize = "group.consumer.max.size";
    public const string GroupConsumerMigrationPolicy = "group.consumer.migration.policy";
    public const string GroupConsumerSessionTimeoutMs = "group.consumer.session.timeout.ms";
    public const string GroupInitialRebalanceDelayMs = "group.initial.rebalance.delay.ms";
    public const string GroupMaxSessionTimeoutMs = "group.max.session.timeout.ms";
    public const string GroupMaxSize = "group.max.size";
    public const string GroupMinSessionTimeoutMs = "group.min.session.timeout.ms";
    public const string LogCleanerBackoffMs = "log.cleaner.backoff.ms";
    public const string LogCleanerDedupeBufferSize = "log.cleaner.dedupe.buffer.size";
    public const string LogCleanerEnable = "log.cleaner.enable";
    public const string LogCleanerIoBufferLoadFactor = "log.cleaner.io.buffer.load.factor";
    public const string LogCleanerIoBufferSize = "log.cleaner.io.buffer.size";
    public const string LogCleanerIoMaxBytesPerSecond = "log.cleaner.io.max.bytes.per.second";
    public const string LogCleanerThreads = "log.cleaner.threads";
    public const string LogRetentionCheckIntervalMs = "log.retention.check.interval.ms";
    public const string MaxConnections = "max.connections";
    public const string MaxConnectionsPerIp = "max.connections.per.ip";
    public const string NumPartitions = "num.partitions";
    public const string OffsetsCommitTimeoutMs = "offsets.commit.timeout.ms";
    public const string OffsetMetadataMaxBytes = "offset.metadata.max.bytes";
    public const string OffsetsRetentionCheckIntervalMs = "offsets.retention.check.interval.ms";
    public const string OffsetsRetentionMinutes = "offsets.retention.minutes";
    public const string OffsetsTopicNumPartitions = "offsets.topic.num.partitions";
    public const string OffsetsTopicReplicationFactor = "offsets.topic.replication.factor";
    public const string OffsetsTopicSegmentBytes = "offsets.topic.segment.bytes";
    public const string QueuedMaxRequestBytes = "queued.max.request.bytes";
    public const string SocketListenBacklogSize = "socket.listen.backlog.size";
    public const string SocketRequestMaxBytes = "socket.request.max.bytes";

    // Ours.
    public const string ClusterId = "cluster.id";
    public const string Lanes = "schemastream.lanes";
    public const string LaneQueue = "schemastream.lane.queue";

    // The node: who it is, where it listens, where its data lies.
    public const string AdvertisedListeners = "advertised.listeners";
    public const string BrokerId = "broker.id";
    public const string BrokerRack = "broker.rack";
    public const string ControllerListenerNames = "controller.listener.names";
    public const string InterBrokerListenerName = "inter.broker.listener.name";
    public const string Listeners = "listeners";
    public const string ListenerSecurityProtocolMap = "listener.security.protocol.map";
    public const string LogDir = "log.dir";
    public const string LogDirs = "log.dirs";
    public const string NodeId = "node.id";
    public const string ProcessRoles = "process.roles";
    public const string SecurityInterBrokerProtocol = "security.inter.broker.protocol";

    // The quorum of controllers.
    public const string QuorumBootstrapServers = "controller.quorum.bootstrap.servers";
    public const string QuorumElectionTimeoutMs = "controller.quorum.election.timeout.ms";
    public const string QuorumFetchTimeoutMs = "controller.quorum.fetch.timeout.ms";
    public const string QuorumVoters = "controller.quorum.voters";
    public const string MetadataMaxBytesBetweenSnapshots = "metadata.log.max.record.bytes.between.snapshots";
    public const string MetadataMaxSnapshotIntervalMs = "metadata.log.max.snapshot.interval.ms";

    // A broker's life in the cluster, and who leads.
    public const string AutoLeaderRebalanceEnable = "auto.leader.rebalance.enable";
    public const string BrokerHeartbeatIntervalMs = "broker.heartbeat.interval.ms";
    public const string BrokerSessionTimeoutMs = "broker.session.timeout.ms";
    public const string ControlledShutdownEnable = "controlled.shutdown.enable";
    public const string LeaderImbalanceCheckIntervalSeconds = "leader.imbalance.check.interval.seconds";
    public const string LeaderImbalancePerBrokerPercentage = "leader.imbalance.per.broker.percentage";
    public const string RequestTimeoutMs = "request.timeout.ms";

    // Quotas.
    public const string ControllerQuotaWindowNum = "controller.quota.window.num";
    public const string ControllerQuotaWindowSizeSeconds = "controller.quota.window.size.seconds";
    public const string TelemetryMaxBytes = "telemetry.max.bytes";
    public const string QuotaWindowNum = "quota.window.num";
    public const string QuotaWindowSizeSeconds = "quota.window.size.seconds";

    // Replication.
    public const string FollowerReplicationThrottledRate = "follower.replication.throttled.rate";
    public const string LeaderReplicationThrottledRate = "leader.replication.throttled.rate";
    public const string ReplicaFetchBackoffMs = "replica.fetch.backoff.ms";
    public const string ReplicaFetchMaxBytes = "replica.fetch.max.bytes";
    public const string ReplicaFetchMinBytes = "replica.fetch.min.bytes";
    public const string ReplicaFetchResponseMaxBytes = "replica.fetch.response.max.bytes";
    public const string ReplicaFetchWaitMaxMs = "replica.fetch.wait.max.ms";
    public const string ReplicaHighWatermarkCheckpointIntervalMs = "replica.high.watermark.checkpoint.interval.ms";
    public const string ReplicaLagTimeMaxMs = "replica.lag.time.max.ms";
    public const string ReplicaSelectorClass = "replica.selector.class";
    public const string ReplicaSocketTimeoutMs = "replica.socket.timeout.ms";
    public const string ProducerIdExpirationMs = "producer.id.expiration.ms";
    public const string TransactionMaxTimeoutMs = "transaction.max.timeout.ms";
    public const string TransactionPartitionVerificationEnable = "transaction.partition.verification.enable";
    public const string TransactionRemoveExpiredIntervalMs = "transaction.remove.expired.transaction.cleanup.interval.ms";
    public const string TransactionStateLogMinIsr = "transaction.state.log.min.isr";
    public const string TransactionStateLogNumPartitions = "transaction.state.log.num.partitions";
    public const string TransactionStateLogReplicationFactor = "transaction.state.log.replication.factor";
    public const string TransactionStateLogSegmentBytes = "transaction.state.log.segment.bytes";
    public const string TransactionalIdExpirationMs = "transactional.id.expiration.ms";
}
