using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using static SchemaStream.Broker.Metadata.Configs.TopicConfigNames;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>The table of topic configs: Kafka's and ours.</summary>
public static partial class TopicConfigDefinitions
{
    /// <summary>Characters of one value.</summary>
    public const int LongestValue = 32 * 1024;

    /// <summary>By key.</summary>
    public static FrozenDictionary<string, TopicConfigDefinition> All { get; } =
        Rows().ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>In the order of their keys, as they are shown.</summary>
    public static ImmutableArray<TopicConfigDefinition> Sorted { get; } =
        [.. All.Values.OrderBy(row => row.Name, StringComparer.Ordinal)];

    /// <summary>The broker settings that topic configs fall back to, e.g. log.retention.hours.</summary>
    public static FrozenSet<string> BrokerSettings { get; } = SynonymNames().ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Why these are no configs of a topic, naming the key; null if they are. Keys that Kafka 4 dropped are unknown
    /// here as there, but the message says what became of them.
    /// </summary>
    public static string? Validate(IEnumerable<KeyValuePair<string, string>> overrides, TopicConfigDefaults defaults)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in overrides)
        {
            if (!All.TryGetValue(key, out var definition))
            {
                return $"Unknown topic config name: {key}" + (Dropped.TryGetValue(key, out var why) ? $" ({why})" : "");
            }

            if (definition.Validate(value) is { } reason)
            {
                return reason;
            }

            values[key] = value;
        }

        var config = TopicConfig.Resolve(values, defaults);
        return config.MinCompactionLagMs > config.MaxCompactionLagMs
            ? $"conflict topic config setting {MinCompactionLagMs} ({config.MinCompactionLagMs}) > {MaxCompactionLagMs} ({config.MaxCompactionLagMs})"
            : null;
    }

    private static readonly FrozenDictionary<string, string> Dropped = new Dictionary<string, string>
    {
        ["message.format.version"] = "removed in Kafka 4.0: there is one message format",
        ["message.downconversion.enable"] = "removed in Kafka 4.0: batches are never down-converted",
        ["message.timestamp.difference.max.ms"] =
            "removed in Kafka 4.0: use message.timestamp.before.max.ms and message.timestamp.after.max.ms",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static IEnumerable<string> SynonymNames()
    {
        foreach (var definition in Sorted)
        {
            foreach (var synonym in definition.BrokerSynonyms)
            {
                yield return synonym.Name;
            }
        }
    }

    private static TopicConfigDefinition Int(
        string name, int? value, int least, string documentation, params ImmutableArray<BrokerSynonym> synonyms) =>
        Int(name, value, least, int.MaxValue, documentation, synonyms);

    private static TopicConfigDefinition Int(
        string name, int? value, int least, int most, string documentation, params ImmutableArray<BrokerSynonym> synonyms) =>
        new()
        {
            Name = name,
            Type = ConfigType.Int,
            DefaultValue = value?.ToString(CultureInfo.InvariantCulture),
            BrokerSynonyms = synonyms,
            Documentation = documentation,
            Check = text => TopicConfigDefinition.CheckLong(text, least, most),
        };

    private static TopicConfigDefinition Long(
        string name, long value, long least, string documentation, params ImmutableArray<BrokerSynonym> synonyms) =>
        new()
        {
            Name = name,
            Type = ConfigType.Long,
            DefaultValue = value.ToString(CultureInfo.InvariantCulture),
            BrokerSynonyms = synonyms,
            Documentation = documentation,
            Check = text => TopicConfigDefinition.CheckLong(text, least, long.MaxValue),
        };

    private static TopicConfigDefinition Boolean(
        string name, bool value, string documentation, params ImmutableArray<BrokerSynonym> synonyms) =>
        new()
        {
            Name = name,
            Type = ConfigType.Boolean,
            DefaultValue = value ? "true" : "false",
            BrokerSynonyms = synonyms,
            Documentation = documentation,
            Check = TopicConfigDefinition.CheckBoolean,
        };

    private static TopicConfigDefinition Text(
        ConfigType type, string name, string? value, Func<string, string?> check, string documentation,
        params ImmutableArray<BrokerSynonym> synonyms) =>
        new()
        {
            Name = name,
            Type = type,
            DefaultValue = value,
            BrokerSynonyms = synonyms,
            Documentation = documentation,
            Check = check,
        };
}
