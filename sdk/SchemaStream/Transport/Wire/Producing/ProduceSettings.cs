using System.Globalization;
using SchemaStream.Transport.Wire.Connections;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>What librdkafka's settings say of producing, with librdkafka's defaults where nothing else is said.</summary>
internal sealed record ProduceSettings
{
    private const string Partitioner = "partitioner";

    /// <summary>The one that there is here: Kafka's own hash of the key, and any partition without one.</summary>
    private const string KafkasPartitioner = "murmur2_random";

    /// <summary>Setting <c>acks</c>: -1, 0 or 1.</summary>
    public short Acks { get; init; } = -1;

    /// <summary>Setting <c>enable.idempotence</c>.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Setting <c>compression.type</c>.</summary>
    public BatchCompression Compression { get; init; }

    /// <summary>Setting <c>linger.ms</c>: how long records wait for others.</summary>
    public int LingerMs { get; init; } = 5;

    /// <summary>
    /// Setting <c>batch.size</c>: how many bytes of records go together. Half a megabyte, unlike librdkafka's one:
    /// what was just written is still in the processor's cache when it is summed up and sent.
    /// </summary>
    public int MaxBatchBytes { get; init; } = 512 * 1024;

    /// <summary>Setting <c>batch.num.messages</c>.</summary>
    public int MaxBatchRecords { get; init; } = 10_000;

    /// <summary>Setting <c>message.max.bytes</c>: a larger record is refused.</summary>
    public int MaxRecordBytes { get; init; } = 1_000_000;

    /// <summary>Setting <c>max.in.flight.requests.per.connection</c>; five at most with idempotence.</summary>
    public int MaxInFlight { get; init; } = 5;

    /// <summary>Setting <c>queue.buffering.max.messages</c>.</summary>
    public long MaxRecords { get; init; } = 100_000;

    /// <summary>Setting <c>queue.buffering.max.kbytes</c>, in bytes.</summary>
    public long MaxBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Setting <c>delivery.timeout.ms</c> (or <c>message.timeout.ms</c>).</summary>
    public long DeliveryTimeoutMs { get; init; } = 300_000;

    /// <summary>Setting <c>request.timeout.ms</c>: how long a broker may wait for its replicas.</summary>
    public int RequestTimeoutMs { get; init; } = 30_000;

    /// <summary>Setting <c>retry.backoff.ms</c>: after the first failure; twice as long after each further one.</summary>
    public int RetryBackoffMs { get; init; } = 100;

    /// <summary>Setting <c>retry.backoff.max.ms</c>.</summary>
    public int LongestRetryBackoffMs { get; init; } = 1000;

    /// <summary>Setting <c>retries</c>: how often a batch goes again before its records fail.</summary>
    public int MaxRetries { get; init; } = int.MaxValue;

    /// <summary>Settings <c>reconnect.backoff.ms</c> and <c>reconnect.backoff.max.ms</c>.</summary>
    public ReconnectDelays Reconnects { get; init; } = ReconnectDelays.Standard;

    /// <summary>Setting <c>topic.metadata.refresh.interval.ms</c>: how often leaders are asked for without a reason.</summary>
    public long MetadataIntervalMs { get; init; } = 300_000;

    /// <summary>Setting <c>topic.metadata.refresh.fast.interval.ms</c>: how often when they are needed.</summary>
    public int NeededMetadataIntervalMs { get; init; } = 100;

    /// <summary>Setting <c>topic.metadata.propagation.max.ms</c>: how long a topic may be unknown before its records fail.</summary>
    public long LongestUnknownMs { get; init; } = 30_000;

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <exception cref="ArgumentException">A value is none of its setting.</exception>
    public static ProduceSettings Of(IReadOnlyDictionary<string, string> settings)
    {
        var standard = new ProduceSettings();
        var isIdempotent = SettingText.Choice(settings, standard.IsIdempotent, "enable.idempotence", "true", "false");
        return new ProduceSettings
        {
            Acks = AcksOf(settings),
            IsIdempotent = isIdempotent,
            Compression = CompressionOf(settings),
            LingerMs = LingerOf(settings, standard.LingerMs),
            MaxBatchBytes = (int)SettingText.Number(settings, 1, 16 * 1024 * 1024, standard.MaxBatchBytes, "batch.size"),
            MaxBatchRecords = (int)SettingText.Number(settings, 1, 1_000_000, standard.MaxBatchRecords, "batch.num.messages"),
            MaxRecordBytes = (int)SettingText.Number(settings, 1000, 1_000_000_000, standard.MaxRecordBytes, "message.max.bytes"),
            MaxInFlight = (int)SettingText.Number(
                settings, 1, isIdempotent ? standard.MaxInFlight : 100, standard.MaxInFlight, "max.in.flight", "max.in.flight.requests.per.connection"),
            MaxRecords = SettingText.Number(settings, 0, int.MaxValue, standard.MaxRecords, "queue.buffering.max.messages") is > 0 and var records
                ? records
                : long.MaxValue,
            MaxBytes = 1024 * SettingText.Number(settings, 1, int.MaxValue, standard.MaxBytes / 1024, "queue.buffering.max.kbytes"),
            DeliveryTimeoutMs = SettingText.Number(
                settings, 0, int.MaxValue, standard.DeliveryTimeoutMs, "message.timeout.ms", "delivery.timeout.ms") is > 0 and var timeout
                ? timeout
                : long.MaxValue / 4,
            RequestTimeoutMs = (int)SettingText.Number(settings, 1, 900_000, standard.RequestTimeoutMs, "request.timeout.ms"),
            RetryBackoffMs = (int)SettingText.Number(settings, 1, 300_000, standard.RetryBackoffMs, "retry.backoff.ms"),
            LongestRetryBackoffMs = (int)SettingText.Number(settings, 1, 300_000, standard.LongestRetryBackoffMs, "retry.backoff.max.ms"),
            MaxRetries = (int)SettingText.Number(
                settings, isIdempotent ? 1 : 0, int.MaxValue, standard.MaxRetries, "message.send.max.retries", "retries"),
            Reconnects = ReconnectDelays.Of(settings),
            MetadataIntervalMs = SettingText.MetadataInterval(settings, standard.MetadataIntervalMs),
            NeededMetadataIntervalMs = SettingText.NeededMetadataInterval(settings),
            LongestUnknownMs = SettingText.Number(
                settings, 0, 3_600_000, standard.LongestUnknownMs, "topic.metadata.propagation.max.ms"),
        };
    }

    /// <summary>How to reach the brokers for producing.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="unhonoured">The first that this way of producing does not act upon; null for none.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public static WireAccess? TryAccess(IReadOnlyDictionary<string, string> settings, out string? unhonoured)
    {
        if (settings.GetValueOrDefault(Partitioner, "") != KafkasPartitioner)
        {
            unhonoured = Partitioner;
            return null;
        }

        return WireAccess.TryRead(settings, SettingUse.Producers, out unhonoured);
    }

    private static short AcksOf(IReadOnlyDictionary<string, string> settings)
    {
        var text = settings.GetValueOrDefault("request.required.acks") ?? settings.GetValueOrDefault("acks", "all");
        return text switch
        {
            "all" or "-1" => -1,
            "0" => 0,
            "1" => 1,
            _ => throw SettingText.Refused("acks", text),
        };
    }

    private static BatchCompression CompressionOf(IReadOnlyDictionary<string, string> settings)
    {
        var text = settings.GetValueOrDefault("compression.codec") ?? settings.GetValueOrDefault("compression.type", "none");
        return text switch
        {
            "none" => BatchCompression.None,
            "gzip" => BatchCompression.Gzip,
            "snappy" => BatchCompression.Snappy,
            "lz4" => BatchCompression.Lz4,
            "zstd" => BatchCompression.Zstd,
            _ => throw SettingText.Refused("compression.type", text),
        };
    }

    /// <summary>A number with a fraction, unlike the others; whole milliseconds do here.</summary>
    private static int LingerOf(IReadOnlyDictionary<string, string> settings, int standard)
    {
        const int longest = 900_000;
        var text = settings.GetValueOrDefault("queue.buffering.max.ms") ?? settings.GetValueOrDefault("linger.ms");
        return text is null ? standard
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var linger)
                ? (int)Math.Min(longest, Math.Ceiling(linger))
            : throw SettingText.Refused("linger.ms", text);
    }
}
