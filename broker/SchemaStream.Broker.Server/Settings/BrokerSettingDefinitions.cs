using System.Collections.Frozen;
using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

/// <summary>The table of broker settings: the broker's own, and the defaults of topic configs. Each one in it has an effect.</summary>
public static partial class BrokerSettingDefinitions
{
    public static FrozenDictionary<string, BrokerSettingDefinition> All => Table.Rows;

    private static IEnumerable<BrokerSettingDefinition> Own() =>
    [
        .. TopicRows(), .. ConnectionRows(), .. GroupRows(), .. ConsumerGroupRows(), .. TransactionRows(), .. ProducerRows(), .. LaneRows(),
        .. LogRows(),
        .. QuotaRows(), .. NodeRows(), .. QuorumRows(), .. ClusterRows(), .. ReplicationRows(),
        .. ObservationRows(), .. AuthorizerRows(),
    ];

    private static IEnumerable<BrokerSettingDefinition> TopicRows() =>
    [
        Boolean(AutoCreateTopicsEnable, true, "Whether asking for the metadata of an unknown topic creates it."),
        Boolean(DeleteTopicEnable, true, "Whether topics may be deleted."),
        Int(NumPartitions, 1, 1, "Partitions of a topic that is created without saying how many."),
        Int(DefaultReplicationFactor, 1, 1, "Replicas of a topic that is created without saying how many."),
        Long(LogRetentionCheckIntervalMs, 300_000, 1, "How often segments are looked through for ones whose retention is over."),
        Int(FetchMaxBytes, 57_671_680, 1024, "The most bytes that one fetch returns, whatever the client asks for."),
        Int(FetchSessionCacheSlots, 1_000, 0, "Fetch sessions that are kept for clients and followers; without one a client fetches in full."),
    ];

    private static IEnumerable<BrokerSettingDefinition> ConnectionRows() =>
    [
        Long(ConnectionsMaxIdleMs, 600_000, 1, "A connection on which nothing moved for so long is closed."),
        Int(MaxConnections, int.MaxValue, 1, "Connections at a time; further clients wait."),
        Int(MaxConnectionsPerIp, int.MaxValue, 1, "Connections at a time from one address; further ones are closed."),
        Long(QueuedMaxRequestBytes, 268_435_456, 1, "Bytes of requests in memory beyond which no connection reads its next one."),
        Int(SocketListenBacklogSize, 128, 1, "Connections that may wait to be accepted."),
        Int(SocketRequestMaxBytes, 104_857_600, 1, "The longest request; a longer one closes its connection."),
    ];

    private static IEnumerable<BrokerSettingDefinition> GroupRows() =>
    [
        Int(GroupInitialRebalanceDelayMs, 0, 0, "How long a new group waits for more members. Kafka's own default is 3000."),
        Int(GroupMinSessionTimeoutMs, 6_000, 1, "The shortest session time-out that a member may ask for."),
        Int(GroupMaxSessionTimeoutMs, 1_800_000, 1, "The longest session time-out that a member may ask for."),
        Int(GroupMaxSize, int.MaxValue, 1, "Members of one group."),
        Int(OffsetMetadataMaxBytes, 4_096, 0, "The longest text that may be committed with an offset."),
        Int(OffsetsRetentionMinutes, 10_080, 1, "How long offsets of a group without members are kept."),
        Long(OffsetsRetentionCheckIntervalMs, 600_000, 1, "How often offsets are looked through for ones whose retention is over."),
        Int(OffsetsCommitTimeoutMs, 5_000, 1, "How long a commit of offsets may wait for its replicas."),
        Int(OffsetsTopicSegmentBytes, 104_857_600, 1, "Size of a segment of __consumer_offsets, when it is created."),
        Int(OffsetsTopicNumPartitions, 50, 1, "Partitions of __consumer_offsets, when it is created."),
        Short(OffsetsTopicReplicationFactor, 3, 1,
            "Replicas of __consumer_offsets, when it is created. Left unset, a smaller cluster has as many as it has live brokers."),
    ];

    private static IEnumerable<BrokerSettingDefinition> LaneRows() =>
    [
        Int(Lanes, Math.Max(2, Environment.ProcessorCount), 1, "Partitions that are worked on at the same time."),
        Int(LaneQueue, 4_096, 1, "Commands that wait on one lane before its posters have to."),
    ];

    /// <summary>What topics fall back to has its types and bounds with the topic configs.</summary>
    private static IEnumerable<BrokerSettingDefinition> TopicDefaults()
    {
        // Loops, not a query: every start comes by here, and a query over a struct is compiled at each.
        foreach (var definition in TopicConfigDefinitions.Sorted)
        {
            foreach (var synonym in definition.BrokerSynonyms)
            {
                yield return synonym.Multiplier == 1 ? SameUnit(definition, synonym) : OtherUnit(definition, synonym);
            }
        }
    }

    private static BrokerSettingDefinition SameUnit(TopicConfigDefinition definition, BrokerSynonym synonym)
    {
        var isMain = definition.BrokerSynonyms[0] == synonym;
        return new BrokerSettingDefinition(
            synonym.Name, definition.Type, isMain ? definition.DefaultValue : null, definition.Documentation)
        {
            Expected = $"a value of {definition.Name} (default {definition.DefaultValue})",
            IsValue = text => definition.Validate(text) is null,
        };
    }

    private static BrokerSettingDefinition OtherUnit(TopicConfigDefinition definition, BrokerSynonym synonym) =>
        new(synonym.Name, ConfigType.Int, null, $"{definition.Documentation} In other units: {synonym.Multiplier} ms each.")
        {
            Expected = $"a whole number (times {synonym.Multiplier} ms)",
            IsValue = text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        };

    /// <summary>A type of its own is built after all fields of the parts of this one have their values.</summary>
    private static class Table
    {
        public static readonly FrozenDictionary<string, BrokerSettingDefinition> Rows =
            Own().Concat(TopicDefaults()).ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);
    }
}
