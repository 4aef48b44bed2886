using System.Collections.Frozen;
using System.Globalization;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>
/// What a topic config is worth where the topic itself says nothing: the broker's setting, under any of its names, else
/// Kafka's default.
/// </summary>
public sealed class TopicConfigDefaults
{
    private readonly FrozenDictionary<string, string> _brokerSettings;
    private readonly FrozenDictionary<string, string> _values;

    private TopicConfigDefaults(FrozenDictionary<string, string> brokerSettings, FrozenDictionary<string, string> values)
    {
        _brokerSettings = brokerSettings;
        _values = values;
    }

    /// <summary>Kafka's defaults.</summary>
    public static TopicConfigDefaults Kafka { get; } = FromBrokerSettings([]);

    /// <summary>Takes the settings that concern topics out of all of a broker's; others are not looked at.</summary>
    /// <exception cref="ArgumentException">A setting's value is none; the message names it.</exception>
    public static TopicConfigDefaults FromBrokerSettings(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var mine = settings
            .Where(setting => TopicConfigDefinitions.BrokerSettings.Contains(setting.Key))
            .ToFrozenDictionary(StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in TopicConfigDefinitions.Sorted)
        {
            foreach (var synonym in definition.BrokerSynonyms)
            {
                if (mine.TryGetValue(synonym.Name, out var text))
                {
                    var value = Converted(definition, synonym, text);
                    values.TryAdd(definition.Name, value);
                }
            }
        }

        return new TopicConfigDefaults(mine, values.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The value that applies where the topic says nothing; null for a config without default.</summary>
    public string? Value(TopicConfigDefinition definition) =>
        _values.TryGetValue(definition.Name, out var value) ? value : definition.DefaultValue;

    /// <summary>All places that have a value for the config, the one that applies first.</summary>
    public IReadOnlyList<ConfigSynonym> Synonyms(TopicConfigDefinition definition, string? topicValue)
    {
        var places = new List<ConfigSynonym>();
        if (topicValue is not null)
        {
            places.Add(new ConfigSynonym(definition.Name, topicValue, ConfigSource.DynamicTopicConfig));
        }

        foreach (var synonym in definition.BrokerSynonyms)
        {
            if (_brokerSettings.TryGetValue(synonym.Name, out var value))
            {
                places.Add(new ConfigSynonym(synonym.Name, value, ConfigSource.StaticBrokerConfig));
            }
        }

        if (definition.DefaultValue is not null)
        {
            var name = definition.BrokerSynonyms.IsEmpty ? definition.Name : definition.BrokerSynonyms[0].Name;
            places.Add(new ConfigSynonym(name, definition.DefaultValue, ConfigSource.DefaultConfig));
        }

        return places;
    }

    /// <summary>Every config with its value, as DescribeConfigs shows it; those without any value are left out.</summary>
    public IReadOnlyList<TopicConfigEntry> Describe(IReadOnlyDictionary<string, string> overrides)
    {
        var entries = new List<TopicConfigEntry>(TopicConfigDefinitions.Sorted.Length);
        foreach (var definition in TopicConfigDefinitions.Sorted)
        {
            var topicValue = overrides.GetValueOrDefault(definition.Name);
            var synonyms = Synonyms(definition, topicValue);
            if (synonyms.Count > 0)
            {
                entries.Add(new TopicConfigEntry(
                    definition.Name, topicValue ?? Value(definition), synonyms[0].Source, definition.Type, definition.Documentation, synonyms));
            }
        }

        return entries;
    }

    private static string Converted(TopicConfigDefinition definition, BrokerSynonym synonym, string text)
    {
        var value = text.Trim();
        if (synonym.Multiplier != 1)
        {
            if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units))
            {
                throw new ArgumentException($"Invalid value {text} for configuration {synonym.Name}: Not a number of type INT");
            }

            // Kafka: any negative number of hours or minutes means -1, for ever.
            value = (units < 0 ? -1 : units * synonym.Multiplier).ToString(CultureInfo.InvariantCulture);
        }

        return definition.Validate(value) is { } reason
            ? throw new ArgumentException($"{synonym.Name}: {reason}")
            : value;
    }
}
