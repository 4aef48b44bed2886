using System.Collections.Frozen;
using System.Globalization;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>The configs of consumer groups (KIP-848), where a group is to differ from the broker's settings.</summary>
public static class GroupConfigDefinitions
{
    /// <summary>How often members tell that they live.</summary>
    public const string ConsumerHeartbeatIntervalMs = "consumer.heartbeat.interval.ms";

    /// <summary>Silence after which a member is out.</summary>
    public const string ConsumerSessionTimeoutMs = "consumer.session.timeout.ms";

    /// <summary>By key; each names the broker's setting that applies without it.</summary>
    public static FrozenDictionary<string, TopicConfigDefinition> All { get; } = new[]
    {
        Number(ConsumerHeartbeatIntervalMs, 5_000, "How often members of a consumer group tell that they live."),
        Number(ConsumerSessionTimeoutMs, 45_000, "Silence after which a member of a consumer group is out."),
    }.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Why these are no configs of a group; null if they are.</summary>
    public static string? Validate(IReadOnlyDictionary<string, string> configs)
    {
        foreach (var (key, value) in configs)
        {
            if (!All.TryGetValue(key, out var definition))
            {
                return $"Unknown group config name: {key}";
            }

            if (definition.Validate(value) is { } reason)
            {
                return reason;
            }
        }

        return configs.TryGetValue(ConsumerSessionTimeoutMs, out var session)
            && configs.TryGetValue(ConsumerHeartbeatIntervalMs, out var heartbeat)
            && long.Parse(session, CultureInfo.InvariantCulture) <= long.Parse(heartbeat, CultureInfo.InvariantCulture)
                ? $"{ConsumerSessionTimeoutMs} must be greater than {ConsumerHeartbeatIntervalMs}"
                : null;
    }

    private static TopicConfigDefinition Number(string name, int value, string documentation) => new()
    {
        Name = name,
        Type = ConfigType.Int,
        DefaultValue = value.ToString(CultureInfo.InvariantCulture),
        BrokerSynonyms = [new BrokerSynonym("group." + name)],
        Documentation = documentation,
        Check = text => TopicConfigDefinition.CheckLong(text, 1, int.MaxValue),
    };
}
