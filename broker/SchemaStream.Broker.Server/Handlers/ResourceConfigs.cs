using System.Collections.Frozen;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>The configs of what is there by its configs alone, as DescribeConfigs shows them.</summary>
internal sealed class ResourceConfigs(BrokerSettings settings)
{
    /// <summary>Of a subscription that there is; none of one that there is not.</summary>
    public static IReadOnlyList<TopicConfigEntry> DescribeClientMetrics(IReadOnlyDictionary<string, string>? configs) =>
        configs is null
            ? []
            : Describe(ClientMetricsConfigDefinitions.All, configs, ConfigSource.ClientMetricsConfig, _ => null);

    /// <summary>Of any group: what it has not of its own is the broker's.</summary>
    public IReadOnlyList<TopicConfigEntry> DescribeGroup(IReadOnlyDictionary<string, string> configs) =>
        Describe(GroupConfigDefinitions.All, configs, ConfigSource.DynamicGroupConfig, settings.GivenOrNull);

    private static List<TopicConfigEntry> Describe(
        FrozenDictionary<string, TopicConfigDefinition> definitions,
        IReadOnlyDictionary<string, string> configs,
        ConfigSource source,
        Func<string, string?> given)
    {
        var entries = new List<TopicConfigEntry>();
        foreach (var definition in definitions.Values.OrderBy(definition => definition.Name, StringComparer.Ordinal))
        {
            var synonyms = new List<ConfigSynonym>();
            if (configs.TryGetValue(definition.Name, out var own))
            {
                synonyms.Add(new ConfigSynonym(definition.Name, own, source));
            }

            foreach (var setting in definition.BrokerSynonyms)
            {
                if (given(setting.Name) is { } value)
                {
                    synonyms.Add(new ConfigSynonym(setting.Name, value, ConfigSource.StaticBrokerConfig));
                }
            }

            var broker = definition.BrokerSynonyms.IsEmpty ? definition.Name : definition.BrokerSynonyms[0].Name;
            synonyms.Add(new ConfigSynonym(broker, definition.DefaultValue, ConfigSource.DefaultConfig));
            entries.Add(new TopicConfigEntry(
                definition.Name, synonyms[0].Value, synonyms[0].Source, definition.Type, definition.Documentation, synonyms));
        }

        return entries;
    }
}
