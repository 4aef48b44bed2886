using System.Globalization;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Producing;

/// <summary>How a tool produces; names and defaults are those of Kafka's producer.</summary>
internal sealed record ProducerSettings
{
    /// <summary>0: no answer is waited for; 1: the leader; -1: all in-sync replicas.</summary>
    public short Acks { get; init; } = -1;

    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>A batch that is not yet as large waits for <see cref="Linger"/>. A single record may be larger.</summary>
    public int BatchBytes { get; init; } = 16 * 1024;

    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>What is not yet sent; who produces more waits.</summary>
    public long BufferBytes { get; init; } = 32 * 1024 * 1024;

    public int MaxRequestBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a broker may take to answer.</summary>
    public int RequestTimeoutMs { get; init; } = 30_000;

    public int Retries { get; init; } = int.MaxValue;

    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>From the first try to the last.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a topic that is not there is waited for.</summary>
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The class that chooses partitions, by Kafka's name; null: its default.</summary>
    public string? Partitioner { get; init; }

    /// <summary>Whether every record has its place in a sequence, so that none is written twice when it is sent again.</summary>
    public bool IsIdempotent { get; init; } = true;

    /// <summary>Null: no transactions.</summary>
    public string? TransactionalId { get; init; }

    public int TransactionTimeoutMs { get; init; } = 60_000;

    /// <summary>These settings, as properties of Kafka's producer change them.</summary>
    /// <exception cref="ToolFailedException">A value cannot be followed.</exception>
    public ProducerSettings With(IReadOnlyDictionary<string, string> properties)
    {
        var acks = properties.TryGetValue("acks", out var wanted) ? ReadAcks(wanted) : Acks;
        return this with
        {
            Acks = acks,
            Compression = properties.TryGetValue("compression.type", out var codec) ? ReadCompression(codec) : Compression,
            BatchBytes = (int)Number(properties, "batch.size", BatchBytes),
            Linger = Time(properties, "linger.ms", Linger),
            BufferBytes = Number(properties, "buffer.memory", BufferBytes),
            MaxRequestBytes = (int)Number(properties, "max.request.size", MaxRequestBytes),
            RequestTimeoutMs = (int)Number(properties, "request.timeout.ms", RequestTimeoutMs),
            Retries = (int)Number(properties, "retries", Retries),
            RetryBackoff = Time(properties, "retry.backoff.ms", RetryBackoff),
            DeliveryTimeout = Time(properties, "delivery.timeout.ms", DeliveryTimeout),
            MaxBlock = Time(properties, "max.block.ms", MaxBlock),
            Partitioner = properties.GetValueOrDefault("partitioner.class", Partitioner ?? "") is { Length: > 0 } partitioner ? partitioner : null,
            IsIdempotent = acks == -1 && !string.Equals(
                properties.GetValueOrDefault("enable.idempotence", "true"), "false", StringComparison.OrdinalIgnoreCase),
            TransactionalId = properties.GetValueOrDefault("transactional.id", TransactionalId ?? "") is { Length: > 0 } id ? id : null,
            TransactionTimeoutMs = (int)Number(properties, "transaction.timeout.ms", TransactionTimeoutMs),
        };
    }

    /// <exception cref="ToolFailedException">It is none of Kafka's codecs.</exception>
    public static CompressionType ReadCompression(string codec) => codec.Trim().ToUpperInvariant() switch
    {
        "NONE" => CompressionType.None,
        "GZIP" => CompressionType.Gzip,
        "SNAPPY" => CompressionType.Snappy,
        "LZ4" => CompressionType.Lz4,
        "ZSTD" => CompressionType.Zstd,
        _ => throw new ToolFailedException($"Unknown compression name: {codec}"),
    };

    /// <exception cref="ToolFailedException">It is none of Kafka's.</exception>
    public static short ReadAcks(string acks) => acks.Trim() switch
    {
        "0" => 0,
        "1" => 1,
        "-1" or "all" => -1,
        _ => throw new ToolFailedException($"Invalid value {acks} for configuration acks: String must be one of: all, -1, 0, 1"),
    };

    private static TimeSpan Time(IReadOnlyDictionary<string, string> properties, string name, TimeSpan otherwise) =>
        TimeSpan.FromMilliseconds(Number(properties, name, (long)otherwise.TotalMilliseconds));

    private static long Number(IReadOnlyDictionary<string, string> properties, string name, long otherwise) =>
        !properties.TryGetValue(name, out var text) ? otherwise
        : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ToolFailedException($"Invalid value {text} for configuration {name}: Not a number");
}
