using System.Collections.Frozen;
using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;

namespace SchemaStream.Broker.Server.Settings;

/// <summary>The broker's settings as typed values. They are checked once, at the start; nothing later meets a bad one.</summary>
public sealed class BrokerSettings
{
    private readonly FrozenDictionary<string, string> _given;
    private readonly IReadOnlyDictionary<string, string> _effective;

    private BrokerSettings(
        FrozenDictionary<string, string> given, IReadOnlyList<string> ignored, IReadOnlyDictionary<string, string> effective)
    {
        _given = given;
        _effective = effective;
        Ignored = ignored;
        TopicDefaults = TopicConfigDefaults.FromBrokerSettings(given);
        AutoCreateTopicsEnable = Boolean(BrokerSettingNames.AutoCreateTopicsEnable);
        DeleteTopicEnable = Boolean(BrokerSettingNames.DeleteTopicEnable);
        FetchMaxBytes = Int(BrokerSettingNames.FetchMaxBytes);
        FetchSessionCacheSlots = Int(BrokerSettingNames.FetchSessionCacheSlots);
    }

    public static BrokerSettings Default { get; } = Parse([]);

    /// <summary>What was set, by key.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    /// <summary>What was set and has nothing to set here, by key.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>What topic configs fall back to.</summary>
    public TopicConfigDefaults TopicDefaults { get; }

    // Asked for by every request of a kind, so read once.
    public bool AutoCreateTopicsEnable { get; }

    public bool DeleteTopicEnable { get; }

    public int FetchMaxBytes { get; }

    public int FetchSessionCacheSlots { get; }

    /// <exception cref="BrokerSettingException">A key is unknown, or its value is none; the first one found is named.</exception>
    public static BrokerSettings Parse(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var ignored = new List<string>();
        foreach (var (key, value) in settings)
        {
            if (IgnoredSettings.Contains(key))
            {
                ignored.Add(key);
                continue;
            }

            Check(key, value);
            given[key] = value.Trim();
        }

        ignored.Sort(StringComparer.Ordinal);
        return new BrokerSettings(
            given.ToFrozenDictionary(StringComparer.Ordinal), ignored, FrozenDictionary<string, string>.Empty);
    }

    /// <summary>
    /// Adds what came of the settings and the host's options once the node stood (listeners with the ports they have, the data
    /// directory), for those who describe the broker.
    /// </summary>
    public BrokerSettings WithEffective(IReadOnlyDictionary<string, string> effective) => new(_given, Ignored, effective);

    /// <summary>Every setting with its value and source, by key.</summary>
    /// <param name="own">What was set on this broker while it ran.</param>
    /// <param name="common">What was set for all brokers while they ran.</param>
    public IReadOnlyList<TopicConfigEntry> Describe(
        IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> common) =>
    [
        .. BrokerSettingDefinitions.All.Values
            .Select(definition => Describe(definition, own, common))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    /// <summary>The configs for all brokers, which have no other value behind them.</summary>
    public static IReadOnlyList<TopicConfigEntry> DescribeCommon(IReadOnlyDictionary<string, string> common) =>
    [
        .. common.OrderBy(config => config.Key, StringComparer.Ordinal).Select(config => new TopicConfigEntry(
            config.Key,
            config.Value,
            ConfigSource.DynamicDefaultBrokerConfig,
            BrokerConfigDefinitions.All[config.Key].Type,
            BrokerConfigDefinitions.All[config.Key].Documentation,
            [new ConfigSynonym(config.Key, config.Value, ConfigSource.DynamicDefaultBrokerConfig)])),
    ];

    /// <summary>Whether it was set, rather than left to its default.</summary>
    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>What was set; null for a setting that was not.</summary>
    public string? GivenOrNull(string name) => _given.GetValueOrDefault(name);

    public int Int(string name) => int.Parse(Value(name), CultureInfo.InvariantCulture);

    public long Long(string name) => long.Parse(Value(name), CultureInfo.InvariantCulture);

    public double Double(string name) => double.Parse(Value(name), CultureInfo.InvariantCulture);

    public bool Boolean(string name) => bool.Parse(Value(name));

    /// <summary>Cut at 24 days, the longest that a timer can be set for: "never" may be written as any number.</summary>
    public TimeSpan Milliseconds(string name) => TimeSpan.FromMilliseconds(Math.Min(Long(name), int.MaxValue));

    /// <summary>The value that applies to a setting, given or default.</summary>
    public string Value(string name) =>
        _given.TryGetValue(name, out var value) ? value : BrokerSettingDefinitions.All[name].DefaultValue
            ?? throw new KeyNotFoundException($"{name} has neither a value nor a default");

    /// <summary>The places that have a value, the one that applies first.</summary>
    private TopicConfigEntry Describe(
        BrokerSettingDefinition definition, IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> common)
    {
        var name = definition.Name;
        var synonyms = new List<ConfigSynonym>();
        Add(name, own.GetValueOrDefault(name), ConfigSource.DynamicBrokerConfig);
        Add(name, common.GetValueOrDefault(name), ConfigSource.DynamicDefaultBrokerConfig);
        foreach (var same in BrokerSettingDefinitions.SynonymsOf(name))
        {
            Add(same, _effective.GetValueOrDefault(same) ?? _given.GetValueOrDefault(same), ConfigSource.StaticBrokerConfig);
        }

        Add(name, definition.DefaultValue, ConfigSource.DefaultConfig);
        return synonyms.Count == 0
            ? new TopicConfigEntry(name, null, ConfigSource.DefaultConfig, definition.Type, definition.Documentation, synonyms)
            : new TopicConfigEntry(name, ValueOf(name, synonyms[0]), synonyms[0].Source, definition.Type, definition.Documentation, synonyms);

        void Add(string key, string? value, ConfigSource source)
        {
            if (value is not null)
            {
                synonyms.Add(new ConfigSynonym(key, value, source));
            }
        }
    }

    /// <summary>A synonym may be of other units; then the value is what came of it.</summary>
    private static string? ValueOf(string name, ConfigSynonym first) =>
        first.Name == name ? first.Value : BrokerSettingDefinitions.InUnitsOf(name, first);

    private static void Check(string key, string value)
    {
        if (!BrokerSettingDefinitions.All.TryGetValue(key, out var definition))
        {
            throw new BrokerSettingException(
                key, $"Setting '{key}': expected a broker setting that is known here{Suggestion(key)}, found '{key}={value}'");
        }

        if (!definition.IsValue(value.Trim()))
        {
            throw new BrokerSettingException(key, $"Setting '{key}': expected {definition.Expected}, found '{value}'");
        }
    }

    private static string Suggestion(string key)
    {
        var nearest = BrokerSettingDefinitions.All.Keys.MinBy(name => EditDistance(name, key))!;
        return EditDistance(nearest, key) <= Math.Max(2, key.Length / 5) ? $" (did you mean '{nearest}'?)" : "";
    }

    private static int EditDistance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
