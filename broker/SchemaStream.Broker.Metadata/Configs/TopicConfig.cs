using System.Globalization;
using static SchemaStream.Broker.Metadata.Configs.TopicConfigNames;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>What the broker checks of the records of a slot before it takes them.</summary>
public enum SchemaValidation
{
    None,

    /// <summary>The schema id belongs to the topic's contract.</summary>
    Id,

    /// <summary>And the bytes decode with that schema.</summary>
    Payload,
}

/// <summary>The configs that apply to a topic, as typed values. Resolved once per change of a topic, then only read.</summary>
public sealed record TopicConfig
{
    /// <summary>Kafka's defaults.</summary>
    public static TopicConfig Default { get; } = Resolve(Images.TopicImage.NoConfigs, TopicConfigDefaults.Kafka);

    public required bool CleanupDelete { get; init; }

    public required bool CleanupCompact { get; init; }

    /// <summary>One of producer, uncompressed, gzip, snappy, lz4, zstd.</summary>
    public required string CompressionType { get; init; }

    public required long DeleteRetentionMs { get; init; }

    public required long FileDeleteDelayMs { get; init; }

    public required long FlushMessages { get; init; }

    public required long FlushMs { get; init; }

    /// <summary>Whether a record is committed only once it is on the disks of all in-sync replicas, by one flush for all that wait.</summary>
    public required bool FlushesInGroups { get; init; }

    public required int IndexIntervalBytes { get; init; }

    public required long MaxCompactionLagMs { get; init; }

    public required int MaxMessageBytes { get; init; }

    public required bool LogAppendTime { get; init; }

    public required long MessageTimestampBeforeMaxMs { get; init; }

    public required long MessageTimestampAfterMaxMs { get; init; }

    public required double MinCleanableDirtyRatio { get; init; }

    public required long MinCompactionLagMs { get; init; }

    public required int MinInSyncReplicas { get; init; }

    public required bool Preallocate { get; init; }

    /// <summary>Negative for no bound.</summary>
    public required long RetentionBytes { get; init; }

    /// <summary>-1 for no bound.</summary>
    public required long RetentionMs { get; init; }

    public required int SegmentBytes { get; init; }

    public required int SegmentIndexBytes { get; init; }

    public required long SegmentJitterMs { get; init; }

    public required long SegmentMs { get; init; }

    public required bool UncleanLeaderElectionEnable { get; init; }

    /// <summary>Of the topic's contract, or null where it was not bound by a config.</summary>
    public string? KeyType { get; init; }

    /// <summary>Of the topic's contract, or null where it was not bound by a config.</summary>
    public string? ValueType { get; init; }

    public SchemaValidation KeyValidation { get; init; }

    public SchemaValidation ValueValidation { get; init; }

    /// <summary>
    /// Puts the topic's own values over the defaults. A value that is none (it was written by a newer version, or before
    /// a bound was moved) counts as not set: a topic must not become unusable by an upgrade.
    /// </summary>
    public static TopicConfig Resolve(IReadOnlyDictionary<string, string> overrides, TopicConfigDefaults defaults)
    {
        var values = new Values(overrides, defaults);
        var policies = TopicConfigDefinition.Items(values.Text(CleanupPolicy));
        var validation = values.Text(TopicConfigNames.SchemaValidation) switch
        {
            "id" => SchemaValidation.Id,
            "payload" => SchemaValidation.Payload,
            _ => SchemaValidation.None,
        };
        return new TopicConfig
        {
            CleanupDelete = policies.Contains("delete"),
            CleanupCompact = policies.Contains("compact"),
            CompressionType = values.Text(TopicConfigNames.CompressionType),
            DeleteRetentionMs = values.Long(TopicConfigNames.DeleteRetentionMs),
            FileDeleteDelayMs = values.Long(TopicConfigNames.FileDeleteDelayMs),
            FlushMessages = values.Long(TopicConfigNames.FlushMessages),
            FlushMs = values.Long(TopicConfigNames.FlushMs),
            FlushesInGroups = values.Text(TopicConfigNames.Flush) == "group",
            IndexIntervalBytes = values.Int(TopicConfigNames.IndexIntervalBytes),
            MaxCompactionLagMs = values.Long(TopicConfigNames.MaxCompactionLagMs),
            MaxMessageBytes = values.Int(TopicConfigNames.MaxMessageBytes),
            LogAppendTime = values.Text(MessageTimestampType) == "LogAppendTime",
            MessageTimestampBeforeMaxMs = values.Long(TopicConfigNames.MessageTimestampBeforeMaxMs),
            MessageTimestampAfterMaxMs = values.Long(TopicConfigNames.MessageTimestampAfterMaxMs),
            MinCleanableDirtyRatio = double.Parse(values.Text(TopicConfigNames.MinCleanableDirtyRatio), CultureInfo.InvariantCulture),
            MinCompactionLagMs = values.Long(TopicConfigNames.MinCompactionLagMs),
            MinInSyncReplicas = values.Int(TopicConfigNames.MinInSyncReplicas),
            Preallocate = values.Boolean(TopicConfigNames.Preallocate),
            RetentionBytes = values.Long(TopicConfigNames.RetentionBytes),
            RetentionMs = values.Long(TopicConfigNames.RetentionMs),
            SegmentBytes = values.Int(TopicConfigNames.SegmentBytes),
            SegmentIndexBytes = values.Int(TopicConfigNames.SegmentIndexBytes),
            SegmentJitterMs = values.Long(TopicConfigNames.SegmentJitterMs),
            SegmentMs = values.Long(TopicConfigNames.SegmentMs),
            UncleanLeaderElectionEnable = values.Boolean(TopicConfigNames.UncleanLeaderElectionEnable),
            KeyType = values.TextOrNull(TopicConfigNames.KeyType),
            ValueType = values.TextOrNull(TopicConfigNames.ValueType),
            KeyValidation = Stricter(validation, values.Boolean(ConfluentKeySchemaValidation)),
            ValueValidation = Stricter(validation, values.Boolean(ConfluentValueSchemaValidation)),
        };
    }

    private static SchemaValidation Stricter(SchemaValidation ours, bool confluent) =>
        confluent && ours == SchemaValidation.None ? SchemaValidation.Id : ours;

    private readonly struct Values(IReadOnlyDictionary<string, string> overrides, TopicConfigDefaults defaults)
    {
        public string? TextOrNull(string name)
        {
            var definition = TopicConfigDefinitions.All[name];
            var value = overrides.TryGetValue(name, out var own) && definition.Validate(own) is null ? own : defaults.Value(definition);
            return value?.Trim();
        }

        public string Text(string name) => TextOrNull(name) ?? "";

        public long Long(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

        public int Int(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

        public bool Boolean(string name) => bool.Parse(Text(name));
    }
}
