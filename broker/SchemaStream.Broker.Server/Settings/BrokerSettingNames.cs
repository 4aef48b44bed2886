namespace SchemaStream.Broker.Server.Settings;

/// <summary>The keys of the broker's own settings, by Kafka's names. The defaults of topic configs have theirs in Metadata.</summary>
public static class BrokerSettingNames
{
    public const string AutoCreateTopicsEnable = "auto.create.topics.enable";
    public const string ConnectionsMaxIdleMs = "connections.max.idle.ms";
    public const string DefaultReplicationFactor = "default.replication.factor";
    public const string DeleteTopicEnable = "delete.topic.enable";
    public const string FetchMaxBytes = "fetch.max.bytes";
    public const string GroupInitialRebalanceDelayMs = "group.initial.rebalance.delay.ms";
    public const string GroupMaxSessionTimeoutMs = "group.max.session.timeout.ms";
    public const string GroupMaxSize = "group.max.size";
    public const string GroupMinSessionTimeoutMs = "group.min.session.timeout.ms";
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
    public const string Lanes = "schemastream.lanes";
    public const string LaneQueue = "schemastream.lane.queue";

    // Told by the host's options rather than by settings, and shown to those who describe the broker.
    public const string AdvertisedListeners = "advertised.listeners";
    public const string BrokerRack = "broker.rack";
    public const string BrokerId = "broker.id";
    public const string Listeners = "listeners";
    public const string LogDirs = "log.dirs";
    public const string NodeId = "node.id";
}
