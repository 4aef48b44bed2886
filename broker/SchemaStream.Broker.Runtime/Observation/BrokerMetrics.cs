namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>The table of the broker's metrics: all of them, under names that stay.</summary>
public static class BrokerMetrics
{
    public const string MeterName = "SchemaStream.Broker";

    // Clients and requests, of the server.
    public static readonly MetricDefinition Connections = new("schemastream.broker.connections", MetricKind.Gauge, "{connection}",
        "Connections that are open.", "listener");

    public static readonly MetricDefinition ConnectionsAccepted = new("schemastream.broker.connections.accepted", MetricKind.Counter, "{connection}",
        "Connections that were taken.", "listener");

    public static readonly MetricDefinition ConnectionsRefused = new("schemastream.broker.connections.refused", MetricKind.Counter, "{connection}",
        "Connections that were closed at once, for max.connections.per.ip.", "listener");

    public static readonly MetricDefinition NetworkReceived = new("schemastream.broker.network.received", MetricKind.Counter, "By",
        "Bytes of requests.", "listener");

    public static readonly MetricDefinition NetworkSent = new("schemastream.broker.network.sent", MetricKind.Counter, "By",
        "Bytes of replies.", "listener");

    public static readonly MetricDefinition RequestDuration = new("schemastream.broker.request.duration", MetricKind.Histogram, "s",
        "From a request's last byte in to its reply being ready; a fetch or join waits in between as its sender asked. The count is the rate.", "api");

    public static readonly MetricDefinition RequestQueueDuration = new("schemastream.broker.request.queue.duration", MetricKind.Histogram, "s",
        "Of that, how long it waited for its connection's earlier requests.", "api");

    public static readonly MetricDefinition RequestFailures = new("schemastream.broker.request.failures", MetricKind.Counter, "{request}",
        "Requests that could not be read or served; each cost its connection.", "api");

    public static readonly MetricDefinition RequestMemory = new("schemastream.broker.request.memory", MetricKind.Gauge, "By",
        "Bytes of requests in memory; queued.max.request.bytes bounds them.", "listener");

    public static readonly MetricDefinition ThrottleDuration = new("schemastream.broker.throttle.duration", MetricKind.Histogram, "s",
        "How long clients beyond their quota were told to pause. The count is how often.", "api");

    public static readonly MetricDefinition ClientTelemetryPushes = new("schemastream.broker.client.telemetry.pushes", MetricKind.Counter, "{push}",
        "Pushes of metrics that clients made; the metrics themselves are here under the clients' own names.");

    public static readonly MetricDefinition ClientTelemetryDropped = new("schemastream.broker.client.telemetry.dropped", MetricKind.Counter, "{point}",
        "Numbers that clients pushed and that were not handed on: unreadable, or beyond the bounds.");

    // What goes in and out of topics.
    public static readonly MetricDefinition TopicReceived = new("schemastream.broker.topic.received", MetricKind.Counter, "By",
        "Bytes that producers have appended here, as batches.", "topic");

    public static readonly MetricDefinition TopicRecordsReceived = new("schemastream.broker.topic.records.received", MetricKind.Counter, "{record}",
        "Records that producers have appended here.", "topic");

    public static readonly MetricDefinition TopicSent = new("schemastream.broker.topic.sent", MetricKind.Counter, "By",
        "Bytes that consumers have fetched here, as batches.", "topic");

    public static readonly MetricDefinition TopicRecordsSent = new("schemastream.broker.topic.records.sent", MetricKind.Counter, "{record}",
        "Records in the batches that consumers have fetched here.", "topic");

    public static readonly MetricDefinition ReplicationReceived = new("schemastream.broker.replication.received", MetricKind.Counter, "By",
        "Bytes that this broker has fetched as a follower.");

    public static readonly MetricDefinition ReplicationSent = new("schemastream.broker.replication.sent", MetricKind.Counter, "By",
        "Bytes that followers have fetched here.");

    // Logs and partitions.
    public static readonly MetricDefinition LogSize = new("schemastream.broker.log.size", MetricKind.Gauge, "By",
        "Bytes of the logs here, of all partitions of a topic.", "topic");

    public static readonly MetricDefinition LogSegments = new("schemastream.broker.log.segments", MetricKind.Gauge, "{segment}",
        "Segments of all logs here.");

    public static readonly MetricDefinition LogsOffline = new("schemastream.broker.logs.offline", MetricKind.Gauge, "{partition}",
        "Partitions here that their disk keeps from being written or read. Anything but 0 wants a look.");

    public static readonly MetricDefinition Partitions = new("schemastream.broker.partitions", MetricKind.Gauge, "{partition}",
        "Partitions that have a replica here.");

    public static readonly MetricDefinition PartitionsLed = new("schemastream.broker.partitions.led", MetricKind.Gauge, "{partition}",
        "Partitions that are led here.");

    public static readonly MetricDefinition PartitionsUnderReplicated = new("schemastream.broker.partitions.under_replicated", MetricKind.Gauge, "{partition}",
        "Partitions led here whose ISR lacks a replica.");

    public static readonly MetricDefinition PartitionsUnderMinIsr = new("schemastream.broker.partitions.under_min_isr", MetricKind.Gauge, "{partition}",
        "Partitions led here whose ISR is smaller than min.insync.replicas: acks=all is refused.");

    public static readonly MetricDefinition PartitionsLeaderless = new("schemastream.broker.partitions.leaderless", MetricKind.Gauge, "{partition}",
        "Partitions of the whole cluster that no one leads, as this node knows it.");

    public static readonly MetricDefinition IsrShrinks = new("schemastream.broker.isr.shrinks", MetricKind.Counter, "{change}",
        "ISRs that got smaller by this leader's wish.");

    public static readonly MetricDefinition IsrExpansions = new("schemastream.broker.isr.expansions", MetricKind.Counter, "{change}",
        "ISRs that got larger by this leader's wish.");

    public static readonly MetricDefinition LeaderElections = new("schemastream.broker.leader.elections", MetricKind.Counter, "{election}",
        "How often this broker became the leader of a partition.");

    // Groups.
    public static readonly MetricDefinition Groups = new("schemastream.broker.groups", MetricKind.Gauge, "{group}",
        "Groups that this broker coordinates.", "state");

    public static readonly MetricDefinition GroupLag = new("schemastream.broker.group.lag", MetricKind.Gauge, "{record}",
        "Records behind a group's committed offsets, of the partitions that have a replica here; told by the group's coordinator.", "group", "topic");

    public static readonly MetricDefinition Transactions = new("schemastream.broker.transactions", MetricKind.Gauge, "{transaction}",
        "Transactional ids that this broker coordinates, by the state of their last transaction.", "state");

    // Compaction.
    public static readonly MetricDefinition CleanerUncleanable = new("schemastream.broker.cleaner.uncleanable", MetricKind.Gauge, "{partition}",
        "Compacted logs that are left alone for a while because cleaning them failed. Anything but 0 wants a look.");

    public static readonly MetricDefinition CleanerMaxDirty = new("schemastream.broker.cleaner.max_dirty", MetricKind.Gauge, "%",
        "The share of the filthiest compacted log that was not cleaned yet, when the cleaner last looked.");

    // The node and its cluster.
    public static readonly MetricDefinition LaneQueue = new("schemastream.broker.lane.queue", MetricKind.Gauge, "{command}",
        "Commands that wait on a lane; schemastream.lane.queue bounds them.", "lane");

    public static readonly MetricDefinition ClusterBrokers = new("schemastream.broker.cluster.brokers", MetricKind.Gauge, "{broker}",
        "Registered brokers as this node knows them.", "state");

    public static readonly MetricDefinition ClusterTopics = new("schemastream.broker.cluster.topics", MetricKind.Gauge, "{topic}",
        "Topics of the cluster as this node knows them.");

    public static readonly MetricDefinition ControllerActive = new("schemastream.broker.controller.active", MetricKind.Gauge, "{controller}",
        "1 on the controller that decides, else 0.");

    public static readonly MetricDefinition QuorumLeaderEpoch = new("schemastream.broker.quorum.leader_epoch", MetricKind.Gauge, "{epoch}",
        "The quorum's epoch as this node knows it; one that climbs means elections.");

    public static readonly MetricDefinition QuorumHighWatermark = new("schemastream.broker.quorum.high_watermark", MetricKind.Gauge, "{record}",
        "How far __cluster_metadata is committed as this node knows it.");

    /// <summary>In the order of the page on operations.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Connections, ConnectionsAccepted, ConnectionsRefused, NetworkReceived, NetworkSent,
        RequestDuration, RequestQueueDuration, RequestFailures, RequestMemory, ThrottleDuration,
        ClientTelemetryPushes, ClientTelemetryDropped,
        TopicReceived, TopicRecordsReceived, TopicSent, TopicRecordsSent, ReplicationReceived, ReplicationSent,
        LogSize, LogSegments, LogsOffline,
        Partitions, PartitionsLed, PartitionsUnderReplicated, PartitionsUnderMinIsr, PartitionsLeaderless,
        IsrShrinks, IsrExpansions, LeaderElections,
        Groups, GroupLag, Transactions, CleanerUncleanable, CleanerMaxDirty,
        LaneQueue, ClusterBrokers, ClusterTopics, ControllerActive, QuorumLeaderEpoch, QuorumHighWatermark,
    ];
}
