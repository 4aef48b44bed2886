using System.Globalization;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>What librdkafka's settings say of fetching, with librdkafka's defaults.</summary>
internal sealed record FetchSettings
{
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

    /// <summary>How much of one partition may wait for the reader before no more of it is asked for.</summary>
    public long MaxPartitionHeldBytes => Math.Min(MaxHeldBytes, MaxPartitionBytes);

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <exception cref="ArgumentException">A value is none of its setting.</exception>
    public static FetchSettings Of(IReadOnlyDictionary<string, string> settings)
    {
        var defaults = new FetchSettings();
        return new FetchSettings
        {
            MinBytes = (int)Number(settings, 1, int.MaxValue, defaults.MinBytes, "fetch.min.bytes"),
            MaxWait = Duration(settings, defaults.MaxWait, "fetch.wait.max.ms"),
            MaxBytes = (int)Number(settings, 0, int.MaxValue, defaults.MaxBytes, "fetch.max.bytes"),
            MaxPartitionBytes = (int)Number(
                settings, 1, 1_000_000_000, defaults.MaxPartitionBytes, "max.partition.fetch.bytes", "fetch.message.max.bytes"),
            MaxHeldBytes = 1024 * Number(settings, 1, 2_097_151, defaults.MaxHeldBytes / 1024, "queued.max.messages.kbytes"),
            MaxResponseBytes = (int)Number(settings, 1000, int.MaxValue, defaults.MaxResponseBytes, "receive.message.max.bytes"),
            ReadsCommitted = Choice(settings, defaults.ReadsCommitted, "isolation.level", "read_committed", "read_uncommitted"),
            ChecksCrcs = Choice(settings, defaults.ChecksCrcs, "check.crcs", "true", "false"),
            TellsEnds = Choice(settings, defaults.TellsEnds, "enable.partition.eof", "true", "false"),
            Reset = ResetOf(settings),
            Rack = settings.GetValueOrDefault("client.rack", ""),
            ErrorBackoff = Duration(settings, defaults.ErrorBackoff, "fetch.error.backoff.ms"),
            MetadataInterval = Duration(settings, defaults.MetadataInterval, "topic.metadata.refresh.interval.ms"),
        };
    }

    private static long? ResetOf(IReadOnlyDictionary<string, string> settings) =>
        settings.GetValueOrDefault("auto.offset.reset", "largest") switch
        {
            "smallest" or "earliest" or "beginning" => PartitionOffset.Beginning,
            "largest" or "latest" or "end" => PartitionOffset.End,
            "error" => null,
            var other => throw Refused("auto.offset.reset", other),
        };

    private static bool Choice(IReadOnlyDictionary<string, string> settings, bool standard, string name, string yes, string no) =>
        !settings.TryGetValue(name, out var text) ? standard
        : text == yes ? true
        : text == no ? false
        : throw Refused(name, text);

    private static TimeSpan Duration(IReadOnlyDictionary<string, string> settings, TimeSpan standard, string name) =>
        TimeSpan.FromMilliseconds(Number(
            settings, 0, (long)LongestWait.TotalMilliseconds, (long)standard.TotalMilliseconds, name));

    private static long Number(
        IReadOnlyDictionary<string, string> settings, long least, long most, long standard, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (settings.TryGetValue(name, out var text))
            {
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
                    ? Math.Min(number, most)
                    : throw Refused(name, text);
            }
        }

        return standard;
    }

    private static ArgumentException Refused(string name, string value) => new($"{name}={value} is no value of this setting.");
}
