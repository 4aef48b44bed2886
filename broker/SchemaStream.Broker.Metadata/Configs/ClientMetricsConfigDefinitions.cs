using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>The configs of a subscription to clients' metrics (KIP-714).</summary>
public static class ClientMetricsConfigDefinitions
{
    /// <summary>Prefixes of the names of metrics; "*" for all of them.</summary>
    public const string Metrics = "metrics";

    /// <summary>How often clients push.</summary>
    public const string IntervalMs = "interval.ms";

    /// <summary>Which clients: patterns as client_id=app-.*, all of which have to match.</summary>
    public const string Match = "match";

    /// <summary>The default of <see cref="IntervalMs"/>; Kafka's.</summary>
    public const int DefaultIntervalMs = 300_000;

    /// <summary>Of one subscription; ours.</summary>
    private const int MaxItems = 100;

    private const int LeastIntervalMs = 100;
    private const int MostIntervalMs = 3_600_000;

    /// <summary>What a pattern can look at.</summary>
    public static FrozenSet<string> MatchKeys { get; } = new[]
    {
        "client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>By key.</summary>
    public static FrozenDictionary<string, TopicConfigDefinition> All { get; } = new TopicConfigDefinition[]
    {
        new()
        {
            Name = Metrics,
            Type = ConfigType.List,
            DefaultValue = "",
            Documentation = "Prefixes of the names of metrics that clients shall push; * for all.",
            Check = text => TopicConfigDefinition.Items(text).Length > MaxItems ? $"More than {MaxItems} prefixes" : null,
        },
        new()
        {
            Name = IntervalMs,
            Type = ConfigType.Int,
            DefaultValue = DefaultIntervalMs.ToString(CultureInfo.InvariantCulture),
            Documentation = "How often clients shall push, in milliseconds.",
            Check = text => TopicConfigDefinition.CheckLong(text, LeastIntervalMs, MostIntervalMs) is { } reason
                ? $"{reason}; interval must be between {LeastIntervalMs} and {MostIntervalMs} (1 hour)"
                : null,
        },
        new()
        {
            Name = Match,
            Type = ConfigType.List,
            DefaultValue = "",
            Documentation = "Which clients shall push, as in client_id=app-.*; all patterns have to match.",
            Check = text => TryParseMatch(text, out _) ? null : "Illegal client matching pattern",
        },
    }.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Why these are no configs of a subscription; null if they are.</summary>
    public static string? Validate(IReadOnlyDictionary<string, string> configs)
    {
        foreach (var (key, value) in configs)
        {
            if (!All.TryGetValue(key, out var definition))
            {
                return $"Unknown client metrics configuration: {key}";
            }

            if (definition.Validate(value) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>The patterns by what they look at, each for the whole text; false where one is none.</summary>
    public static bool TryParseMatch(string text, out IReadOnlyDictionary<string, Regex> patterns)
    {
        var parsed = new Dictionary<string, Regex>(StringComparer.Ordinal);
        patterns = parsed;
        foreach (var item in TopicConfigDefinition.Items(text))
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !MatchKeys.Contains(item[..equals].Trim()) || !TryParse(item[(equals + 1)..].Trim(), out var pattern))
            {
                return false;
            }

            parsed[item[..equals].Trim()] = pattern!;
        }

        return true;
    }

    private static bool TryParse(string text, out Regex? pattern)
    {
        try
        {
            // Without backtracking its time is bounded by the text's length, whatever the pattern.
            pattern = new Regex($"^(?:{text})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception broken) when (broken is ArgumentException or NotSupportedException)
        {
            pattern = null;
            return false;
        }
    }
}
