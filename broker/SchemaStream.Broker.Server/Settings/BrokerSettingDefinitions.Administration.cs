using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// Quotas and other things of administration.
public static partial class BrokerSettingDefinitions
{
    private static IEnumerable<BrokerSettingDefinition> QuotaRows() =>
    [
        Int(QuotaWindowNum, 11, 2, "Windows over which a client's rates are measured."),
        Int(QuotaWindowSizeSeconds, 1, 1, "Length of a window over which a client's rates are measured."),
        Int(ControllerQuotaWindowNum, 11, 2, "Windows over which a client's changes of topics are saved up."),
        Int(TelemetryMaxBytes, 1_048_576, 1, "Bytes of metrics that a client may push at a time."),
        Int(ControllerQuotaWindowSizeSeconds, 1, 1, "Length of a window over which a client's changes of topics are saved up."),
    ];

    /// <summary>The setting's own name, and those of the same meaning that it goes before.</summary>
    internal static IEnumerable<string> SynonymsOf(string name) =>
        Synonyms.TryGetValue(name, out var synonyms) ? synonyms.Select(synonym => synonym.Name) : [name];

    /// <summary>The value of a setting that was given under a synonym, in the setting's own units.</summary>
    internal static string? InUnitsOf(string name, ConfigSynonym given)
    {
        var multiplier = Synonyms[name].First(synonym => synonym.Name == given.Name).Multiplier;
        return long.TryParse(given.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units) && multiplier != 1
            ? (units < 0 ? -1 : units * multiplier).ToString(CultureInfo.InvariantCulture)
            : given.Value;
    }

    private static readonly FrozenDictionary<string, ImmutableArray<BrokerSynonym>> Synonyms = TopicConfigDefinitions.Sorted
        .Where(topic => topic.BrokerSynonyms.Length > 1)
        .ToFrozenDictionary(topic => topic.BrokerSynonyms[0].Name, topic => topic.BrokerSynonyms, StringComparer.Ordinal);
}
