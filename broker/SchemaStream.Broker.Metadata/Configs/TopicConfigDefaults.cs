using System.Collections.Frozen;
using System.Globalization;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>
/// What a topic config is worth where the topic itself says nothing: the broker's setting, under any of its names, else
/// Kafka's default. A setting that was made while brokers run goes before one from their start.
/// </summary>
public sealed class TopicConfigDefaults
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    private readonly IReadOnlyDictionary<string, string> _own;
    private readonly IReadOnlyDictionary<string, string> _common;
    private readonly FrozenDictionary<string, string> _atStart;
    private readonly FrozenDictionary<string, string> _values;

    private TopicConfigDefaults(
        string broker,
        FrozenDictionary<string, string> atStart,
        IReadOnlyDictionary<string, string> own,
        IReadOnlyDictionary<string, string> common,
        FrozenDictionary<string, string> values)
    {
        Broker = broker;
        _atStart = atStart;
        _own = own;
        _common = common;
        _values = values;
    }

    /// <summary>Kafka's defaults.</summary>
    public static TopicConfigDefaults Kafka { get; } = FromBrokerSettings([]);

    /// <summary>The id of the broker, as text, whose own settings are looked at; empty for none's.</summary>
    public string Broker { get; }

    /// <summary>Takes the settings that concern topics out of all of a broker's; others are not looked at.</summary>
    /// <exception cref="ArgumentException">A setting's value is none; the message names it.</exception>
    public static TopicConfigDefaults FromBrokerSettings(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var mine = settings
            .Where(setting => TopicConfigDefinitions.BrokerSettings.Contains(setting.Key))
            .ToFrozenDictionary(StringComparer.Ordinal);
        return new TopicConfigDefaults("", mine, Nothing, Nothing, Values(mine, Nothing, Nothing));
    }

    /// <summary>As these, of the broker: what is set on it alone while it runs applies.</summary>
    public TopicConfigDefaults OfBroker(int brokerId) =>
        new(brokerId.ToString(CultureInfo.InvariantCulture), _atStart, _own, _common, _values);

    /// <summary>As these, with what the metadata says was set while brokers run: the image's own where they are the same.</summary>
    public TopicConfigDefaults In(MetadataImage image)
    {
        var own = Broker.Length == 0 ? Nothing : image.BrokerConfigs.GetValueOrDefault(Broker) ?? Nothing;
        var common = image.BrokerConfigs.GetValueOrDefault("") ?? Nothing;
        var known = image.TopicDefaults;
        if (ReferenceEquals(own, known._own)
            && ReferenceEquals(common, known._common)
            && ReferenceEquals(_atStart, known._atStart)
            && Broker == known.Broker)
        {
            return known;
        }

        return new TopicConfigDefaults(Broker, _atStart, own, common, Values(_atStart, own, common));
    }

    /// <summary>Whether other values apply than with the other ones.</summary>
    public bool HasOtherValues(TopicConfigDefaults other) =>
        _values.Count != other._values.Count
        || _values.Any(value => !other._values.TryGetValue(value.Key, out var its) || its != value.Value);

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

        Add(_own, ConfigSource.DynamicBrokerConfig);
        Add(_common, ConfigSource.DynamicDefaultBrokerConfig);
        Add(_atStart, ConfigSource.StaticBrokerConfig);
        if (definition.DefaultValue is not null)
        {
            var name = definition.BrokerSynonyms.IsEmpty ? definition.Name : definition.BrokerSynonyms[0].Name;
            places.Add(new ConfigSynonym(name, definition.DefaultValue, ConfigSource.DefaultConfig));
        }

        return places;

        void Add(IReadOnlyDictionary<string, string> settings, ConfigSource source)
        {
            foreach (var synonym in definition.BrokerSynonyms)
            {
                if (settings.TryGetValue(synonym.Name, out var value))
                {
                    places.Add(new ConfigSynonym(synonym.Name, value, source));
                }
            }
        }
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

    private static FrozenDictionary<string, string> Values(
        FrozenDictionary<string, string> atStart, IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> common)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in TopicConfigDefinitions.Sorted)
        {
            foreach (var settings in new[] { own, common, atStart })
            {
                foreach (var synonym in definition.BrokerSynonyms)
                {
                    // What was checked at the start is a value; what another node let in may not be one here.
                    if (settings.TryGetValue(synonym.Name, out var text)
                        && (ReferenceEquals(settings, atStart) || definition.Validate(text) is null))
                    {
                        var value = Converted(definition, synonym, text);
                        values.TryAdd(definition.Name, value);
                    }
                }
            }
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
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
