using System.Buffers;
using System.Diagnostics.Metrics;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>Clients' metrics (KIP-714): who is to push what and how often, and what becomes of it.</summary>
public sealed class ClientTelemetry
{
    /// <summary>The codecs that a push may have, the most wanted first; Kafka's order.</summary>
    internal static readonly IReadOnlyList<CompressionType> Codecs =
        [CompressionType.Zstd, CompressionType.Lz4, CompressionType.Gzip, CompressionType.Snappy];

    private const int MaxInstances = 10_000;

    /// <summary>Of one push.</summary>
    private const int MaxPoints = 5_000;

    /// <summary>How much larger than the largest push it may be once it is decompressed.</summary>
    private const int MaxExpansion = 8;

    private readonly Lock _lock = new();
    private readonly ClientInstances _instances;
    private readonly IMetadataAccess _metadata;
    private readonly ClientMetricsSink _sink;
    private readonly TimeProvider _timeProvider;
    private ClientSubscriptions _subscriptions;

    public ClientTelemetry(IMetadataAccess metadata, BrokerSettings settings, Meter meter, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _metadata = metadata;
        _timeProvider = timeProvider;
        _sink = new ClientMetricsSink(meter);
        _instances = new ClientInstances(MaxInstances);
        _subscriptions = new ClientSubscriptions(metadata.Image.ClientMetrics);
        MaxBytes = settings.Int(BrokerSettingNames.TelemetryMaxBytes);
    }

    /// <summary>telemetry.max.bytes: of one push, as it is sent.</summary>
    internal int MaxBytes { get; }

    /// <summary>What the client is to push; null where it asks too soon.</summary>
    internal TelemetrySubscription? Ask(TelemetryClient client)
    {
        lock (_lock)
        {
            var nowMs = NowMs();
            var instance = _instances.Get(client, CurrentSubscriptions(), nowMs);
            return instance.TryAsk(nowMs) ? instance.Subscription : null;
        }
    }

    /// <summary>Takes what the client pushes; an error where that cannot be.</summary>
    internal ErrorCode Push(TelemetryClient client, int subscriptionId, bool isTerminating, sbyte compression, ReadOnlyMemory<byte> metrics)
    {
        var codec = (CompressionType)compression;
        lock (_lock)
        {
            var nowMs = NowMs();
            var error = _instances.Get(client, CurrentSubscriptions(), nowMs).Push(
                subscriptionId, isTerminating, codec == CompressionType.None || Codecs.Contains(codec), metrics.Length > MaxBytes, nowMs);
            if (error != ErrorCode.None)
            {
                return error;
            }
        }

        return metrics.IsEmpty ? ErrorCode.None : Take(codec, metrics, client.ClientId);
    }

    private ErrorCode Take(CompressionType codec, ReadOnlyMemory<byte> metrics, string clientId)
    {
        var reader = new OtlpReader(MaxPoints);
        try
        {
            if (codec == CompressionType.None)
            {
                reader.Read(metrics.Span);
            }
            else
            {
                var plain = new ArrayBufferWriter<byte>();
                RecordCompression.Decompress(codec, metrics.Span, plain, (int)Math.Min((long)MaxBytes * MaxExpansion, Array.MaxLength));
                reader.Read(plain.WrittenSpan);
            }
        }
        catch (Exception unreadable) when (unreadable is FormatException or CompressionException)
        {
            return ErrorCode.InvalidRecord;
        }

        _sink.Take(reader.Points, reader.Dropped, clientId);
        return ErrorCode.None;
    }

    /// <summary>Made anew when the metadata has others. Under the lock.</summary>
    private ClientSubscriptions CurrentSubscriptions()
    {
        var configs = _metadata.Image.ClientMetrics;
        return ReferenceEquals(configs, _subscriptions.Configs) ? _subscriptions : _subscriptions = new ClientSubscriptions(configs);
    }

    private long NowMs() => (long)_timeProvider.GetElapsedTime(0).TotalMilliseconds;
}
