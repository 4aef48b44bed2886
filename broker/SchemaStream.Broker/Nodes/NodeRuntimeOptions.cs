using System.Globalization;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Runtime;
using SchemaStream.Broker.Runtime.Cleaning;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Runtime.Transactions;
using SchemaStream.Broker.Server.Settings;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Nodes;

/// <summary>A node's configuration as its inside is told it, and as those are told who describe the broker.</summary>
internal static class NodeRuntimeOptions
{
    public static RuntimeOptions From(NodeConfiguration node, NodeServers servers)
    {
        var settings = node.Settings;
        return new RuntimeOptions
        {
            NodeId = node.NodeId,
            DataDirectory = node.DataDirectory,
            Endpoints = servers.Advertised,
            Rack = node.Rack,
            ClusterId = node.ClusterId,
            Cluster = Cluster(node),
            TopicDefaults = settings.TopicDefaults,
            DefaultPartitionCount = settings.Int(NumPartitions),
            DefaultReplicationFactor = settings.Int(DefaultReplicationFactor),
            Groups = GroupOptions.From(settings),
            OffsetsTopicPartitionCount = settings.Int(OffsetsTopicNumPartitions),
            OffsetsTopicReplicationFactor =
                settings.IsGiven(OffsetsTopicReplicationFactor) ? settings.Int(OffsetsTopicReplicationFactor) : null,
            OffsetsTopicSegmentBytes = settings.Int(OffsetsTopicSegmentBytes),
            OffsetsCommitTimeout = settings.Milliseconds(OffsetsCommitTimeoutMs),
            Transactions = Transactions(settings),
            ProducerIdExpiration = settings.Milliseconds(ProducerIdExpirationMs),
            Replicas = Replicas(node),
            RetentionCheckInterval = settings.Milliseconds(LogRetentionCheckIntervalMs),
            Cleaner = Cleaner(settings),
            FetchMaxBytes = settings.FetchMaxBytes,
            MetricsMaxSeries = settings.Int(MetricsMaxSeries),
            LaneCount = settings.Int(Lanes),
            LaneCapacity = settings.Int(LaneQueue),
        };
    }

    /// <summary>The settings with what became of them: the ports that were free, the directory in full.</summary>
    public static BrokerSettings Describe(NodeConfiguration node, NodeServers servers)
    {
        var nodeId = node.NodeId.ToString(CultureInfo.InvariantCulture);
        var listeners = node.Listeners.Zip(servers.Clients, (listener, server) => (listener, server));
        if (node.ControllerListener is { } controller)
        {
            listeners = listeners.Append((controller, servers.Controller!));
        }

        var effective = new Dictionary<string, string>
        {
            [BrokerId] = nodeId,
            [NodeId] = nodeId,
            [LogDirs] = node.DataDirectory,
            [InterBrokerListenerName] = node.InterBrokerListenerName,
            [Listeners] = string.Join(',', listeners.Select(bound => NodeListener.Format(
                bound.listener.Name, bound.listener.Address.ToString(), bound.server.LocalEndPoint.Port))),
            [AdvertisedListeners] = string.Join(',', servers.Advertised.Select(endpoint => NodeListener.Format(
                endpoint.Listener, endpoint.Host, endpoint.Port))),
        };
        if (node.Rack is not null)
        {
            effective[BrokerRack] = node.Rack;
        }

        return node.Settings.WithEffective(effective);
    }

    private static CleanerOptions Cleaner(BrokerSettings settings) => new()
    {
        IsEnabled = settings.Boolean(LogCleanerEnable),
        Threads = settings.Int(LogCleanerThreads),
        Backoff = settings.Milliseconds(LogCleanerBackoffMs),
        DedupeBufferBytes = settings.Long(LogCleanerDedupeBufferSize),
        DedupeLoadFactor = settings.Double(LogCleanerIoBufferLoadFactor),
        IoBufferBytes = settings.Int(LogCleanerIoBufferSize),
        MaxBytesPerSecond = settings.Double(LogCleanerIoMaxBytesPerSecond),
    };

    private static ClusterOptions Cluster(NodeConfiguration node)
    {
        var settings = node.Settings;
        return new ClusterOptions
        {
            Roles = node.Roles,
            QuorumVoters = node.Voters,
            SessionTimeout = settings.Milliseconds(BrokerSessionTimeoutMs),
            HeartbeatInterval = settings.Milliseconds(BrokerHeartbeatIntervalMs),
            QuorumElectionTimeout = settings.Milliseconds(QuorumElectionTimeoutMs),
            QuorumFetchTimeout = settings.Milliseconds(QuorumFetchTimeoutMs),
            MetadataMaxBytesBetweenSnapshots = settings.Long(MetadataMaxBytesBetweenSnapshots),
            MetadataMaxSnapshotInterval = settings.Milliseconds(MetadataMaxSnapshotIntervalMs),
            RequestTimeout = settings.Milliseconds(RequestTimeoutMs),
            ControlledShutdown = settings.Boolean(ControlledShutdownEnable),
            AutoLeaderRebalance = settings.Boolean(AutoLeaderRebalanceEnable),
            LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(
                Math.Min(settings.Long(LeaderImbalanceCheckIntervalSeconds), int.MaxValue / 1000)),
            LeaderImbalancePerBrokerPercentage = settings.Int(LeaderImbalancePerBrokerPercentage),
        };
    }

    private static TransactionOptions Transactions(BrokerSettings settings) => new()
    {
        Shards = new TransactionShardOptions
        {
            MaxTimeout = settings.Milliseconds(TransactionMaxTimeoutMs),
            IdExpiration = settings.Milliseconds(TransactionalIdExpirationMs),
            IdExpiryInterval = settings.Milliseconds(TransactionRemoveExpiredIntervalMs),
        },
        PartitionVerification = settings.Boolean(TransactionPartitionVerificationEnable),
        TopicPartitionCount = settings.Int(TransactionStateLogNumPartitions),
        TopicReplicationFactor =
            settings.IsGiven(TransactionStateLogReplicationFactor) ? settings.Int(TransactionStateLogReplicationFactor) : null,
        TopicSegmentBytes = settings.Int(TransactionStateLogSegmentBytes),
        TopicMinInSyncReplicas = settings.Int(TransactionStateLogMinIsr),
    };

    private static ReplicaOptions Replicas(NodeConfiguration node)
    {
        var settings = node.Settings;
        return new ReplicaOptions
        {
            InterBrokerListener = node.InterBrokerListenerName,
            FetchWaitMax = settings.Milliseconds(ReplicaFetchWaitMaxMs),
            FetchMinBytes = settings.Int(ReplicaFetchMinBytes),
            FetchMaxBytes = settings.Int(ReplicaFetchMaxBytes),
            FetchResponseMaxBytes = settings.Int(ReplicaFetchResponseMaxBytes),
            FetchBackoff = settings.Milliseconds(ReplicaFetchBackoffMs),
            SocketTimeout = settings.Milliseconds(ReplicaSocketTimeoutMs),
            LagTimeMax = settings.Milliseconds(ReplicaLagTimeMaxMs),
            HighWatermarkCheckpointInterval = settings.Milliseconds(ReplicaHighWatermarkCheckpointIntervalMs),
            Selection = settings.Value(ReplicaSelectorClass).EndsWith("RackAwareReplicaSelector", StringComparison.Ordinal)
                ? ReplicaSelection.RackAware
                : ReplicaSelection.Leader,
            LeaderThrottledRate = settings.Long(LeaderReplicationThrottledRate),
            FollowerThrottledRate = settings.Long(FollowerReplicationThrottledRate),
        };
    }
}
