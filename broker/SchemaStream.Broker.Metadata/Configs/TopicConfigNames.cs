namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>The keys of topic configs.</summary>
public static class TopicConfigNames
{
    public const string CleanupPolicy = "cleanup.policy";
    public const string CompressionGzipLevel = "compression.gzip.level";
    public const string CompressionLz4Level = "compression.lz4.level";
    public const string CompressionType = "compression.type";
    public const string CompressionZstdLevel = "compression.zstd.level";
    public const string DeleteRetentionMs = "delete.retention.ms";
    public const string FileDeleteDelayMs = "file.delete.delay.ms";
    public const string FlushMessages = "flush.messages";
    public const string FlushMs = "flush.ms";
    public const string FollowerThrottledReplicas = "follower.replication.throttled.replicas";
    public const string IndexIntervalBytes = "index.interval.bytes";
    public const string LeaderThrottledReplicas = "leader.replication.throttled.replicas";
    public const string MaxCompactionLagMs = "max.compaction.lag.ms";
    public const string MaxMessageBytes = "max.message.bytes";
    public const string MessageTimestampAfterMaxMs = "message.timestamp.after.max.ms";
    public const string MessageTimestampBeforeMaxMs = "message.timestamp.before.max.ms";
    public const string MessageTimestampType = "message.timestamp.type";
    public const string MinCleanableDirtyRatio = "min.cleanable.dirty.ratio";
    public const string MinCompactionLagMs = "min.compaction.lag.ms";
    public const string MinInSyncReplicas = "min.insync.replicas";
    public const string Preallocate = "preallocate";
    public const string RetentionBytes = "retention.bytes";
    public const string RetentionMs = "retention.ms";
    public const string SegmentBytes = "segment.bytes";
    public const string SegmentIndexBytes = "segment.index.bytes";
    public const string SegmentJitterMs = "segment.jitter.ms";
    public const string SegmentMs = "segment.ms";
    public const string UncleanLeaderElectionEnable = "unclean.leader.election.enable";

    /// <summary>Ours: whether what is acknowledged is on the disk already.</summary>
    public const string Flush = "schemastream.flush";

    /// <summary>Ours: format and type of the topic's keys. Set once, never changed.</summary>
    public const string KeyType = "schemastream.key.type";

    /// <summary>Ours: format and type of the topic's values. Set once, never changed.</summary>
    public const string ValueType = "schemastream.value.type";

    /// <summary>Ours: what the broker checks of each record before it takes it.</summary>
    public const string SchemaValidation = "schemastream.schema.validation";

    /// <summary>Confluent's name for <c>schemastream.schema.validation=id</c>, for keys.</summary>
    public const string ConfluentKeySchemaValidation = "confluent.key.schema.validation";

    /// <summary>Confluent's name for <c>schemastream.schema.validation=id</c>, for values.</summary>
    public const string ConfluentValueSchemaValidation = "confluent.value.schema.validation";
}
