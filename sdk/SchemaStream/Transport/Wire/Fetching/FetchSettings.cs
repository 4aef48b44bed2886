using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>What librdkafka's settings say of fetching, with librdkafka's defaults.</summary>
internal sealed record FetchSettings
{
    private const int ResponsesAhead = 4;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Setting <c>fetch.min.bytes</c>: a broker waits until it has so many.</summary>
    public int MinBytes { get; init; } = 1;

    /// <summary>Setting <c>fetch.wait.max.ms</c>: and so long at most.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Setting <c>fetch.max.bytes</c>: how much one response holds, but for a larger first batch.</summary>
    public int MaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>
    /// Setting <c>max.partition.fetch.bytes</c>: how much of one partition. A little under two megabytes, unlike librdkafka's
    /// one: a response of so much fills an array of the pool, where a little over one megabyte would fill half of it.
    /// </summary>
    public int MaxPartitionBytes { get; init; } = (2 * 1024 * 1024) - (32 * 1024);

    /// <summary>Setting <c>queued.max.messages.kbytes</c>: with more than this in hand, nothing is asked for.</summary>
    public long MaxHeldBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Setting <c>receive.message.max.bytes</c>: a longer response, or a batch that unpacks to more, is refused.</summary>
    public int MaxResponseBytes { get; init; } = 100_000_000;

    /// <summary>Setting <c>isolation.level</c>: whether records of aborted and open transactions are left out.</summary>
    public bool ReadsCommitted { get; init; } = true;

    /// <summary>Setting <c>check.crcs</c>. On by default, unlike librdkafka: it costs next to nothing here.</summary>
    public bool ChecksCrcs { get; init; } = true;

    /// <summary>Setting <c>enable.partition.eof</c>: whether the reader hears of a partition's end.</summary>
    public bool TellsEnds { get; init; }

    /// <summary>Setting <c>auto.offset.reset</c>: where to begin without a valid offset; null is an error.</summary>
    public long? Reset { get; init; } = PartitionOffset.End;

    /// <summary>Setting <c>client.rack</c>: a replica in it may be read from (KIP-392).</summary>
    public string Rack { get; init; } = "";

    /// <summary>Setting <c>fetch.error.backoff.ms</c>: how long a partition is left alone after an error.</summary>
    public TimeSpan ErrorBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Setting <c>topic.metadata.refresh.interval.ms</c>: how often leaders are asked for without a reason.</summary>
    public TimeSpan MetadataInterval { get; init; } = LongestWait;

    /// <summary>Setting <c>topic.metadata.refresh.fast.interval.ms</c>: how often when they are needed.</summary>
    public int NeededMetadataIntervalMs { get; init; } = 100;

    /// <summary>Setting <c>retry.backoff.ms</c>: how long a partition is left alone whose offset could not be asked for.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Setting <c>queued.min.messages</c>: with so many of a partition's records in hand, no more of it is asked for.</summary>
    public int EnoughRecords { get; init; } = int.MaxValue;

    /// <summary>Settings <c>reconnect.backoff.ms</c> and <c>reconnect.backoff.max.ms</c>.</summary>
    public ReconnectDelays Reconnects { get; init; } = ReconnectDelays.Standard;

    /// <summary>
    /// How much of one partition may wait for the reader before no more of it is asked for: some responses, so that a reader
    /// who is as fast as its broker does not wait, and is not woken, for each.
    /// </summary>
    public long MaxPartitionHeldBytes => Math.Min(MaxHeldBytes, (long)ResponsesAhead * MaxPartitionBytes);

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <exception cref="ArgumentException">A value is none of its setting.</exception>
    public static FetchSettings Of(IReadOnlyDictionary<string, string> settings)
    {
        var defaults = new FetchSettings();
        return new FetchSettings
        {
            MinBytes = (int)SettingText.Number(settings, 1, int.MaxValue, defaults.MinBytes, "fetch.min.bytes"),
            MaxWait = Duration(settings, defaults.MaxWait, "fetch.wait.max.ms"),
            MaxBytes = (int)SettingText.Number(settings, 0, int.MaxValue, defaults.MaxBytes, "fetch.max.bytes"),
            MaxPartitionBytes = (int)SettingText.Number(
                settings, 1, 1_000_000_000, defaults.MaxPartitionBytes, "fetch.message.max.bytes", "max.partition.fetch.bytes"),
            MaxHeldBytes = 1024 * SettingText.Number(settings, 1, 2_097_151, defaults.MaxHeldBytes / 1024, "queued.max.messages.kbytes"),
            MaxResponseBytes = (int)SettingText.Number(settings, 1000, int.MaxValue, defaults.MaxResponseBytes, "receive.message.max.bytes"),
            ReadsCommitted = SettingText.Choice(settings, defaults.ReadsCommitted, "isolation.level", "read_committed", "read_uncommitted"),
            ChecksCrcs = SettingText.Choice(settings, defaults.ChecksCrcs, "check.crcs", "true", "false"),
            TellsEnds = SettingText.Choice(settings, defaults.TellsEnds, "enable.partition.eof", "true", "false"),
            Reset = ResetOf(settings),
            Rack = settings.GetValueOrDefault("client.rack", ""),
            ErrorBackoff = Duration(settings, defaults.ErrorBackoff, "fetch.error.backoff.ms"),
            MetadataInterval = TimeSpan.FromMilliseconds(
                SettingText.MetadataInterval(settings, (long)defaults.MetadataInterval.TotalMilliseconds)),
            NeededMetadataIntervalMs = SettingText.NeededMetadataInterval(settings),
            RetryBackoff = Duration(settings, defaults.RetryBackoff, "retry.backoff.ms"),
            EnoughRecords = (int)SettingText.Number(settings, 1, int.MaxValue, defaults.EnoughRecords, "queued.min.messages"),
            Reconnects = ReconnectDelays.Of(settings),
        };
    }

    /// <summary>How to reach the brokers for fetching.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="unhonoured">The first that this way of fetching does not act upon; null for none.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public static WireAccess? TryAccess(IReadOnlyDictionary<string, string> settings, out string? unhonoured)
    {
        var access = WireAccess.TryRead(settings, SettingUse.Consumers, out unhonoured);
        if (access is null)
        {
            return null;
        }

        var fetching = Of(settings);
        return access with
        {
            Options = access.Options with
            {
                RequestTimeout = access.Options.RequestTimeout + fetching.MaxWait, MaxResponseBytes = fetching.MaxResponseBytes,
            },
        };
    }

    private static long? ResetOf(IReadOnlyDictionary<string, string> settings) =>
        settings.GetValueOrDefault("auto.offset.reset", "largest") switch
        {
            "smallest" or "earliest" or "beginning" => PartitionOffset.Beginning,
            "largest" or "latest" or "end" => PartitionOffset.End,
            "error" => null,
            var other => throw SettingText.Refused("auto.offset.reset", other),
        };

    private static TimeSpan Duration(IReadOnlyDictionary<string, string> settings, TimeSpan standard, string name) =>
        TimeSpan.FromMilliseconds(SettingText.Number(
            settings, 0, (long)LongestWait.TotalMilliseconds, (long)standard.TotalMilliseconds, name));
}
