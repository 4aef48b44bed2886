using static SchemaStream.Broker.Metadata.Configs.TopicConfigDefinition;
using static SchemaStream.Broker.Metadata.Configs.TopicConfigNames;

namespace SchemaStream.Broker.Metadata.Configs;

public static partial class TopicConfigDefinitions
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Week = 7 * 24 * Hour;

    /// <summary>Kafka 3's bound. Kafka 4 asks for 1 MB; an embedded stack's tests of retention need small segments.</summary>
    private const int SmallestSegment = 14;

    private static IEnumerable<TopicConfigDefinition> Rows() => [.. LogRows(), .. MessageRows(), .. ReplicationRows(), .. ContractRows()];

    private static IEnumerable<TopicConfigDefinition> LogRows() =>
    [
        Text(ConfigType.List, CleanupPolicy, "delete", text => CheckList(text, "compact", "delete"),
            "What happens to old data: delete it by time and size, compact it by key, or both.", new BrokerSynonym("log.cleanup.policy")),
        Long(DeleteRetentionMs, 24 * Hour, 0,
            "How long the tombstones of a compacted topic stay readable.", new BrokerSynonym("log.cleaner.delete.retention.ms")),
        Long(FileDeleteDelayMs, Minute, 0,
            "How long a deleted segment's file stays before it is removed.", new BrokerSynonym("log.segment.delete.delay.ms")),
        Long(FlushMessages, long.MaxValue, 1,
            "Records after which the log is forced to disk.", new BrokerSynonym("log.flush.interval.messages")),
        Long(FlushMs, long.MaxValue, 0,
            "Time after which the log is forced to disk.",
            new BrokerSynonym("log.flush.interval.ms"), new BrokerSynonym("log.flush.scheduler.interval.ms")),
        Text(ConfigType.String, TopicConfigNames.Flush, "none", text => CheckOneOf(text, "none", "group"),
            "With group, acks=all is answered only once the record is on the disks of all in-sync replicas, by one flush for all that wait.",
            new BrokerSynonym(TopicConfigNames.Flush)),
        Int(IndexIntervalBytes, 4096, 0,
            "Bytes of log between two entries of the offset index.", new BrokerSynonym("log.index.interval.bytes")),
        Long(MaxCompactionLagMs, long.MaxValue, 1,
            "The longest a record may stay out of compaction.", new BrokerSynonym("log.cleaner.max.compaction.lag.ms")),
        Text(ConfigType.Double, MinCleanableDirtyRatio, "0.5", text => CheckDouble(text, 0, 1),
            "The share of uncompacted log that makes a compaction worth while.", new BrokerSynonym("log.cleaner.min.cleanable.ratio")),
        Long(MinCompactionLagMs, 0, 0,
            "The shortest a record stays as it is before it may be compacted.", new BrokerSynonym("log.cleaner.min.compaction.lag.ms")),
        Boolean(Preallocate, false,
            "Whether a new segment's file gets its full size at once.", new BrokerSynonym("log.preallocate")),
        Long(RetentionBytes, -1, long.MinValue,
            "Size of a partition beyond which its oldest segments go; -1 for no bound.", new BrokerSynonym("log.retention.bytes")),
        Long(RetentionMs, Week, -1,
            "Age beyond which segments go; -1 for no bound.",
            new BrokerSynonym("log.retention.ms"),
            new BrokerSynonym("log.retention.minutes", Minute),
            new BrokerSynonym("log.retention.hours", Hour)),
        Int(SegmentBytes, 1 << 30, SmallestSegment, "Size at which a segment is closed.", new BrokerSynonym("log.segment.bytes")),
        Int(SegmentIndexBytes, 10 << 20, 4,
            "Size of an index file at which its segment is closed.", new BrokerSynonym("log.index.size.max.bytes")),
        Long(SegmentJitterMs, 0, 0,
            "The most by which a segment's closing by time is spread at random.",
            new BrokerSynonym("log.roll.jitter.ms"), new BrokerSynonym("log.roll.jitter.hours", Hour)),
        Long(SegmentMs, Week, 1,
            "Age at which a segment is closed, full or not.",
            new BrokerSynonym("log.roll.ms"), new BrokerSynonym("log.roll.hours", Hour)),
    ];

    private static IEnumerable<TopicConfigDefinition> MessageRows() =>
    [
        Int(CompressionGzipLevel, -1, -1, 9, "Level of gzip, where the broker compresses.", new BrokerSynonym(CompressionGzipLevel)),
        Int(CompressionLz4Level, 9, 1, 17, "Level of lz4, where the broker compresses.", new BrokerSynonym(CompressionLz4Level)),
        Text(ConfigType.String, CompressionType, "producer",
            text => CheckOneOf(text, "uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
            "How batches are compressed in the log; 'producer' keeps them as they came.", new BrokerSynonym(CompressionType)),
        Int(CompressionZstdLevel, 3, -131072, 22, "Level of zstd, where the broker compresses.", new BrokerSynonym(CompressionZstdLevel)),
        Int(MaxMessageBytes, 1024 * 1024 + 12, 0,
            "The largest batch that is taken, as compressed by the producer.", new BrokerSynonym("message.max.bytes")),
        Long(MessageTimestampAfterMaxMs, Hour, 0,
            "How far a record's timestamp may lie ahead of the broker's clock.", new BrokerSynonym("log.message.timestamp.after.max.ms")),
        Long(MessageTimestampBeforeMaxMs, long.MaxValue, 0,
            "How far a record's timestamp may lie behind the broker's clock.", new BrokerSynonym("log.message.timestamp.before.max.ms")),
        Text(ConfigType.String, MessageTimestampType, "CreateTime", text => CheckOneOf(text, "CreateTime", "LogAppendTime"),
            "Whose clock stamps a record: the producer's or the broker's.", new BrokerSynonym("log.message.timestamp.type")),
    ];

    private static IEnumerable<TopicConfigDefinition> ReplicationRows() =>
    [
        Text(ConfigType.List, FollowerThrottledReplicas, "", CheckThrottledReplicas,
            "Replicas whose fetching is throttled, as partition:broker, or * for all."),
        Text(ConfigType.List, LeaderThrottledReplicas, "", CheckThrottledReplicas,
            "Replicas whose serving is throttled, as partition:broker, or * for all."),
        Int(MinInSyncReplicas, 1, 1,
            "In-sync replicas without which acks=all is refused.", new BrokerSynonym(MinInSyncReplicas)),
        Boolean(UncleanLeaderElectionEnable, false,
            "Whether a replica that is not in sync may lead when no other is left, at the price of lost records.",
            new BrokerSynonym(UncleanLeaderElectionEnable)),
    ];

    private static IEnumerable<TopicConfigDefinition> ContractRows() =>
    [
        Text(ConfigType.String, KeyType, null, ContractSyntax.Check,
            "Format and type of the topic's keys, e.g. string or avro:com.acme.CustomerId. Set once."),
        Text(ConfigType.String, TopicConfigNames.ValueType, null, ContractSyntax.Check,
            "Format and type of the topic's values, e.g. avro:com.acme.OrderPlaced. Set once."),
        Text(ConfigType.String, TopicConfigNames.SchemaValidation, "none", text => CheckOneOf(text, "none", "id", "payload"),
            "What the broker checks of each record: nothing, that its schema id belongs to the contract, or that it decodes."),
        Boolean(ConfluentKeySchemaValidation, false, "Confluent's name for checking the schema ids of keys."),
        Boolean(ConfluentValueSchemaValidation, false, "Confluent's name for checking the schema ids of values."),
    ];

    private static string? CheckThrottledReplicas(string text)
    {
        if (text is "" or "*")
        {
            return null;
        }

        foreach (var item in Items(text))
        {
            var parts = item.Split(':');
            if (parts.Length != 2 || parts.Any(part => part.Length == 0 || !part.All(char.IsAsciiDigit)))
            {
                return "Must be the literal '*' or a list of replicas in the form partitionId:brokerId";
            }
        }

        return null;
    }
}
