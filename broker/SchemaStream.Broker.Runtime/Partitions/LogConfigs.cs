using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>A topic's configs in the words of its logs.</summary>
internal static class LogConfigs
{
    public static LogConfig ToLogConfig(this TopicConfig config) => new()
    {
        SegmentBytes = config.SegmentBytes,
        SegmentMs = config.SegmentMs,
        SegmentJitterMs = config.SegmentJitterMs == 0 ? 0 : Random.Shared.NextInt64(Math.Min(config.SegmentJitterMs, config.SegmentMs)),
        SegmentIndexBytes = config.SegmentIndexBytes,
        IndexIntervalBytes = config.IndexIntervalBytes,
        MaxMessageBytes = config.MaxMessageBytes,
        RetentionMs = config.RetentionMs,
        RetentionBytes = config.RetentionBytes,
        CleanupPolicy = (config.CleanupDelete ? CleanupPolicy.Delete : 0) | (config.CleanupCompact ? CleanupPolicy.Compact : 0),
        MinCleanableDirtyRatio = config.MinCleanableDirtyRatio,
        DeleteRetentionMs = config.DeleteRetentionMs,
        MinCompactionLagMs = config.MinCompactionLagMs,
        MaxCompactionLagMs = config.MaxCompactionLagMs,
        TimestampType = config.LogAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime,
        TimestampBeforeMaxMs = config.MessageTimestampBeforeMaxMs,
        TimestampAfterMaxMs = config.MessageTimestampAfterMaxMs,
    };
}
