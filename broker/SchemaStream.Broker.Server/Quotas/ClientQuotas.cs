using System.Net;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Settings;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Quotas;

/// <summary>
/// Measures clients against their quotas and says how long each has to pause. Whoever has no quota is not measured: that
/// costs one look-up. The hot path allocates nothing.
/// </summary>
public sealed class ClientQuotas
{
    /// <summary>Whom a listener without authentication takes a client for, as Kafka.</summary>
    public const string AnonymousUser = "ANONYMOUS";

    /// <summary>Clients that are measured at a time, of each kind of quota.</summary>
    private const int MaxSensors = 10_000;

    private readonly Lock _lock = new();
    private readonly IMetadataAccess _metadata;
    private readonly TimeProvider _timeProvider;
    private readonly QuotaSensors<SampledRate> _rates;
    private readonly QuotaSensors<TokenBucket> _buckets;
    private readonly QuotaWindows _windows;

    public ClientQuotas(IMetadataAccess metadata, QuotaWindows windows, QuotaWindows controllerWindows, TimeProvider timeProvider)
    {
        _metadata = metadata;
        _timeProvider = timeProvider;
        _windows = windows;
        _rates = new QuotaSensors<SampledRate>(() => new SampledRate(windows), MaxSensors);
        _buckets = new QuotaSensors<TokenBucket>(() => new TokenBucket(controllerWindows), MaxSensors);
    }

    public static ClientQuotas Create(IMetadataAccess metadata, BrokerSettings settings, TimeProvider timeProvider) => new(
        metadata,
        new QuotaWindows(settings.Int(QuotaWindowNum), TimeSpan.FromSeconds(settings.Int(QuotaWindowSizeSeconds))),
        new QuotaWindows(settings.Int(ControllerQuotaWindowNum), TimeSpan.FromSeconds(settings.Int(ControllerQuotaWindowSizeSeconds))),
        timeProvider);

    /// <summary>Whether anyone's requests are measured, so that their time need not be taken otherwise.</summary>
    public bool LimitsRequests => _metadata.Image.ClientQuotas.Has(QuotaKeys.RequestPercentage);

    /// <summary>Of the clock that requests' time is taken with.</summary>
    internal long Timestamp() => _timeProvider.GetTimestamp();

    internal TimeSpan Since(long timestamp) => _timeProvider.GetElapsedTime(timestamp);

    /// <summary>A client sends bytes to be appended.</summary>
    /// <returns>How long it has to pause; zero where it need not.</returns>
    public TimeSpan RecordProduce(string user, string clientId, long bytes) =>
        Record(QuotaKeys.ProducerByteRate, user, clientId, bytes, TimeSpan.MaxValue);

    /// <summary>A client is sent bytes that it fetched.</summary>
    /// <returns>How long it has to pause; zero where it need not.</returns>
    public TimeSpan RecordFetch(string user, string clientId, long bytes) =>
        Record(QuotaKeys.ConsumerByteRate, user, clientId, bytes, TimeSpan.MaxValue);

    /// <summary>A client's request kept a thread busy.</summary>
    /// <returns>How long it has to pause, at most one window; zero where it need not.</returns>
    public TimeSpan RecordRequest(string user, string clientId, TimeSpan busy) =>
        Record(QuotaKeys.RequestPercentage, user, clientId, busy.TotalSeconds * 100, _windows.Length);

    /// <summary>The most bytes that the client may fetch in all windows together: no answer may be larger. Negative: no bound.</summary>
    public long MaxFetchBytes(string user, string clientId) =>
        _metadata.Image.ClientQuotas.Find(QuotaKeys.ConsumerByteRate, user, clientId) is { } quota
            ? (long)Math.Min(quota.Limit * _windows.Count * _windows.Length.TotalSeconds, long.MaxValue)
            : -1;

    /// <summary>A client of the address connects; false where it does so too often, and is to be turned away.</summary>
    public bool TryConnect(IPAddress address)
    {
        var quotas = _metadata.Image.ClientQuotas;
        if (!quotas.Has(QuotaKeys.ConnectionCreationRate))
        {
            return true;
        }

        var ip = QuotaEntity.TextOf(address);
        if (quotas.FindOfIp(QuotaKeys.ConnectionCreationRate, ip) is not { } limit)
        {
            return true;
        }

        var nowMs = NowMs();
        lock (_lock)
        {
            var rate = _rates.Get(new SensorKey(QuotaKeys.ConnectionCreationRate, "", ip), nowMs);
            rate.Record(1, nowMs);
            if (rate.ExcessMs(limit, nowMs) <= 0)
            {
                return true;
            }

            // Who was turned away did not connect.
            rate.Record(-1, nowMs);
            return false;
        }
    }

    /// <summary>What a client may create and delete at the controller while this request is served.</summary>
    /// <param name="isStrict">Whether what is too much is refused, rather than done and paid for with a pause.</param>
    public ControllerMutationQuota Mutations(string user, string clientId, bool isStrict) => new(this, user, clientId, isStrict);

    /// <summary>False where the client owes something still, and is strict.</summary>
    internal bool TryMutate(string user, string clientId, double partitions, bool isStrict, out TimeSpan pause)
    {
        pause = TimeSpan.Zero;
        if (_metadata.Image.ClientQuotas.Find(QuotaKeys.ControllerMutationRate, user, clientId) is not { } quota)
        {
            return true;
        }

        var nowMs = NowMs();
        lock (_lock)
        {
            var bucket = _buckets.Get(KeyOf(QuotaKeys.ControllerMutationRate, quota, user, clientId), nowMs);
            var isFree = bucket.IsFree(quota.Limit, nowMs);
            if (isFree || !isStrict)
            {
                bucket.Take(partitions, quota.Limit, nowMs);
            }

            pause = Pause(bucket.DebtMs(quota.Limit, nowMs));
            return isFree || !isStrict;
        }
    }

    private static SensorKey KeyOf(string key, in QuotaMatch quota, string user, string clientId) =>
        new(key, quota.PerUser ? user : "", quota.PerClientId ? clientId : "");

    private static TimeSpan Pause(double ms) => TimeSpan.FromMilliseconds(Math.Min(Math.Round(ms), int.MaxValue));

    private TimeSpan Record(string key, string user, string clientId, double value, TimeSpan longest)
    {
        if (_metadata.Image.ClientQuotas.Find(key, user, clientId) is not { } quota)
        {
            return TimeSpan.Zero;
        }

        var nowMs = NowMs();
        lock (_lock)
        {
            var rate = _rates.Get(KeyOf(key, quota, user, clientId), nowMs);
            rate.Record(value, nowMs);
            var pause = Pause(rate.ExcessMs(quota.Limit, nowMs));
            return pause < longest ? pause : longest;
        }
    }

    private long NowMs() => (long)_timeProvider.GetElapsedTime(0).TotalMilliseconds;
}
