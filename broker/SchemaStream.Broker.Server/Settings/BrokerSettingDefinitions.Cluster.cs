using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// The settings of a node among others. What a list of listeners or voters says is read where the node is put together.
public static partial class BrokerSettingDefinitions
{
    /// <summary>Kafka's classes that choose the replica a consumer reads from; by their short names as well.</summary>
    private static readonly string[] ReplicaSelectors =
    [
        "org.apache.kafka.common.replica.LeaderSelector", "LeaderSelector",
        "org.apache.kafka.common.replica.RackAwareReplicaSelector", "RackAwareReplicaSelector",
    ];

    private static readonly string[] Roles = ["broker", "controller"];

    private static IEnumerable<BrokerSettingDefinition> NodeRows() =>
    [
        Text(ProcessRoles, ConfigType.List, "broker,controller", "broker, controller, or both", AreRoles,
            "What this node is: a broker, one of the controllers, or both."),
        Int(NodeId, 1, 0, "The node's number, which no other node of the cluster has."),
        Text(BrokerId, ConfigType.Int, null, "a number of at least 0", IsNodeId, "The older name of node.id."),
        Text(ClusterId, ConfigType.String, null, "1 to 100 characters without blanks", IsWord,
            "The cluster to belong to; a lone node with a new directory makes one up."),
        Text(BrokerRack, ConfigType.String, null, "a name", IsFilled, "Where the broker stands: replicas are spread over racks."),
        Text(LogDirs, ConfigType.List, null, "one directory", IsOneDirectory, "Where the node keeps everything."),
        Text(LogDir, ConfigType.String, null, "one directory", IsOneDirectory, "The older name of log.dirs."),
        Text(Listeners, ConfigType.List, null, "NAME://HOST:PORT, several with commas between", IsFilled,
            "What is listened on, e.g. PLAINTEXT://127.0.0.1:9092."),
        Text(AdvertisedListeners, ConfigType.List, null, "NAME://HOST:PORT, several with commas between", IsFilled,
            "What clients and other nodes are told to connect to; the listeners themselves where it is silent."),
        Text(ListenerSecurityProtocolMap, ConfigType.List, null, "NAME:PROTOCOL, several with commas between", IsFilled,
            "How each listener is secured; a name that is not in it has to be a protocol itself, or a controller's."),
        Text(ControllerListenerNames, ConfigType.List, "CONTROLLER", "names of listeners", IsFilled,
            "The listeners that only controllers and brokers speak on; nodes connect to the first."),
        Text(InterBrokerListenerName, ConfigType.String, null, "the name of a listener", IsFilled,
            "The listener that brokers fetch from each other on."),
        Text(SecurityInterBrokerProtocol, ConfigType.String, null, "PLAINTEXT", text => text == "PLAINTEXT",
            "The listener that brokers fetch from each other on, told by its protocol."),
    ];

    private static IEnumerable<BrokerSettingDefinition> QuorumRows() =>
    [
        Text(QuorumVoters, ConfigType.List, null, "ID@HOST:PORT, several with commas between", IsFilled,
            "The controllers that vote, until the quorum itself knows better; without it this node stands alone."),
        Text(QuorumBootstrapServers, ConfigType.List, null, "HOST:PORT, several with commas between", IsFilled,
            "Kafka's other way to find the controllers. Here it may only name this very node: see controller.quorum.voters."),
        Int(QuorumElectionTimeoutMs, 1_000, 1, "How long a candidate waits for votes before it tries again."),
        Int(QuorumFetchTimeoutMs, 2_000, 1, "How long a voter hears nothing from the leader before it stands for election."),
        Long(MetadataMaxBytesBetweenSnapshots, 20_971_520, 1, "Bytes of __cluster_metadata after which a snapshot is taken."),
        Long(MetadataMaxSnapshotIntervalMs, 3_600_000, 1, "Time after which a snapshot is taken, if there is anything new."),
    ];

    private static IEnumerable<BrokerSettingDefinition> ClusterRows() =>
    [
        Int(BrokerSessionTimeoutMs, 9_000, 100, "A broker that the controller has not heard of for so long is fenced."),
        Int(BrokerHeartbeatIntervalMs, 2_000, 1,
            "How often a broker tells the controller that it lives; never less often than three times a session time-out."),
        Boolean(ControlledShutdownEnable, true, "Whether a broker that is told to stop hands its leaderships over first."),
        Int(RequestTimeoutMs, 30_000, 1, "How long a broker looks for a controller that takes what it was asked for."),
        Boolean(AutoLeaderRebalanceEnable, true, "Whether leadership goes back to the preferred replicas by itself."),
        Long(LeaderImbalanceCheckIntervalSeconds, 300, 1, "How often the balance of leaders is looked at."),
        Int(LeaderImbalancePerBrokerPercentage, 10, 0,
            "The share of partitions that a broker may lead too few of before leadership goes back."),
    ];

    private static IEnumerable<BrokerSettingDefinition> ReplicationRows() =>
    [
        Long(ReplicaLagTimeMaxMs, 30_000, 1, "A follower that has not caught up for so long leaves the ISR."),
        Int(ReplicaFetchMaxBytes, 1_048_576, 0, "Bytes that a follower asks for of one partition."),
        Int(ReplicaFetchMinBytes, 1, 0, "Bytes that the leader waits for before it answers a follower."),
        Int(ReplicaFetchWaitMaxMs, 500, 0, "How long the leader lets a follower wait for them."),
        Int(ReplicaFetchResponseMaxBytes, 10_485_760, 0, "Bytes that a follower asks for in all."),
        Int(ReplicaFetchBackoffMs, 1_000, 0, "How long a follower pauses with a partition that it could not fetch."),
        Int(ReplicaSocketTimeoutMs, 30_000, 1, "How long a leader's answer is waited for before the connection is given up."),
        Long(ReplicaHighWatermarkCheckpointIntervalMs, 5_000, 1, "How often high watermarks are written down."),
        Text(ReplicaSelectorClass, ConfigType.Class, "org.apache.kafka.common.replica.RackAwareReplicaSelector", "LeaderSelector or RackAwareReplicaSelector (Kafka's class names)",
            text => ReplicaSelectors.Contains(text), "Which replica a consumer that names its rack is sent to: the leader (Kafka's own default), or one of that rack."),
        Long(LeaderReplicationThrottledRate, long.MaxValue, 0,
            "Bytes per second that followers may take from this broker, of partitions under leader.replication.throttled.replicas."),
        Long(FollowerReplicationThrottledRate, long.MaxValue, 0,
            "Bytes per second that this broker may fetch, of partitions under follower.replication.throttled.replicas."),
    ];

    private static bool AreRoles(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries);
        return roles.All(Roles.Contains) && roles.Distinct().Count() == roles.Length;
    }

    private static bool IsFilled(string text) => text.Length > 0;

    private static bool IsWord(string text) => text.Length is > 0 and <= 100 && !text.Any(char.IsWhiteSpace);

    private static bool IsOneDirectory(string text) => text.Length > 0 && !text.Contains(',', StringComparison.Ordinal);

    private static bool IsNodeId(string text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _);
}
