using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>What becomes of old segments. Kafka's <c>cleanup.policy</c>; both may be set.</summary>
[Flags]
public enum CleanupPolicy
{
    None = 0,
    Delete = 1,
    Compact = 2,
}

/// <summary>A topic's configs as its logs need them; the defaults are Kafka's.</summary>
public sealed record LogConfig
{
    public static LogConfig Default { get; } = new();

    /// <summary><c>segment.bytes</c></summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>segment.ms</c>: age, by timestamps, at which a segment is rolled though it has room.</summary>
    public long SegmentMs { get; init; } = (long)TimeSpan.FromDays(7).TotalMilliseconds;

    /// <summary>Taken off <see cref="SegmentMs"/>, so that not all partitions roll at once (<c>segment.jitter.ms</c>, drawn by the host).</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c></summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c></summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>max.message.bytes</c></summary>
    public int MaxMessageBytes { get; init; } = (1024 * 1024) + RecordBatchHeader.LogOverhead;

    /// <summary><c>retention.ms</c>; -1 keeps for ever.</summary>
    public long RetentionMs { get; init; } = (long)TimeSpan.FromDays(7).TotalMilliseconds;

    /// <summary><c>retention.bytes</c>; -1 keeps everything.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>cleanup.policy</c></summary>
    public CleanupPolicy CleanupPolicy { get; init; } = CleanupPolicy.Delete;

    /// <summary><c>min.cleanable.dirty.ratio</c></summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary><c>delete.retention.ms</c>: how long tombstones, and the markers of transactions without records, stay readable.</summary>
    public long DeleteRetentionMs { get; init; } = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary><c>min.compaction.lag.ms</c></summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary><c>max.compaction.lag.ms</c></summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    public bool IsCompacted => (CleanupPolicy & CleanupPolicy.Compact) != 0;

    /// <summary>Age at which a segment is rolled: what has to be compacted by some time must not stay in the active one.</summary>
    internal long RollMs => (IsCompacted ? Math.Min(SegmentMs, MaxCompactionLagMs) : SegmentMs) - SegmentJitterMs;

    /// <summary><c>message.timestamp.type</c></summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.before.max.ms</c></summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c></summary>
    public long TimestampAfterMaxMs { get; init; } = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    /// <summary><c>producer.id.expiration.ms</c></summary>
    public long ProducerIdExpirationMs { get; init; } = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>Producers remembered per partition at most; ours, because an id costs a client nothing to invent.</summary>
    public int MaxProducerIds { get; init; } = 100_000;
}
