using System.Collections.Frozen;
using System.Globalization;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>The broker configs that can be changed while brokers run; Kafka's names.</summary>
public static class BrokerConfigDefinitions
{
    /// <summary>Bytes per second that followers of throttled partitions get from this broker.</summary>
    public const string LeaderReplicationThrottledRate = "leader.replication.throttled.rate";

    /// <summary>Bytes per second that this broker fetches for throttled partitions.</summary>
    public const string FollowerReplicationThrottledRate = "follower.replication.throttled.rate";

    /// <summary>By key.</summary>
    public static FrozenDictionary<string, TopicConfigDefinition> All { get; } = new TopicConfigDefinition[]
    {
        Rate(LeaderReplicationThrottledRate, "Bytes per second that followers of throttled partitions get from a broker."),
        Rate(FollowerReplicationThrottledRate, "Bytes per second that a broker fetches for throttled partitions."),
    }.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    private static TopicConfigDefinition Rate(string name, string documentation) => new()
    {
        Name = name,
        Type = ConfigType.Long,
        DefaultValue = long.MaxValue.ToString(CultureInfo.InvariantCulture),
        Documentation = documentation,
        Check = text => TopicConfigDefinition.CheckLong(text, 0, long.MaxValue),
    };
}
