using System.Collections.Frozen;
using System.Globalization;

namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>
/// The broker configs that can be changed while brokers run; Kafka's names. What topics fall back to is among them, under the
/// first of its names.
/// </summary>
public static class BrokerConfigDefinitions
{
    /// <summary>Bytes per second that followers of throttled partitions get from this broker.</summary>
    public const string LeaderReplicationThrottledRate = "leader.replication.throttled.rate";

    /// <summary>Bytes per second that this broker fetches for throttled partitions.</summary>
    public const string FollowerReplicationThrottledRate = "follower.replication.throttled.rate";

    /// <summary>Connections at a time.</summary>
    public const string MaxConnections = "max.connections";

    /// <summary>Connections at a time from one address.</summary>
    public const string MaxConnectionsPerIp = "max.connections.per.ip";

    /// <summary>By key.</summary>
    public static FrozenDictionary<string, TopicConfigDefinition> All { get; } = Rows()
        .Concat(TopicConfigDefinitions.Sorted.Where(topic => !topic.BrokerSynonyms.IsEmpty).Select(OfTopics))
        .ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>
    /// Those of which the controller is to know one value for the whole cluster, because it decides with them who leads and
    /// what counts as committed.
    /// </summary>
    public static bool IsOfTheClusterOnly(string key) =>
        key is TopicConfigNames.MinInSyncReplicas or TopicConfigNames.UncleanLeaderElectionEnable;

    private static IEnumerable<TopicConfigDefinition> Rows() =>
    [
        Rate(LeaderReplicationThrottledRate, "Bytes per second that followers of throttled partitions get from a broker."),
        Rate(FollowerReplicationThrottledRate, "Bytes per second that a broker fetches for throttled partitions."),
        Number(MaxConnections, "Connections at a time; further clients wait."),
        Number(MaxConnectionsPerIp, "Connections at a time from one address; further ones are closed."),
    ];

    private static TopicConfigDefinition OfTopics(TopicConfigDefinition topic) => new()
    {
        Name = topic.BrokerSynonyms[0].Name,
        Type = topic.Type,
        DefaultValue = topic.DefaultValue,
        Documentation = topic.Documentation,
        Check = topic.Check,
    };

    private static TopicConfigDefinition Number(string name, string documentation) => new()
    {
        Name = name,
        Type = ConfigType.Int,
        DefaultValue = int.MaxValue.ToString(CultureInfo.InvariantCulture),
        Documentation = documentation,
        Check = text => TopicConfigDefinition.CheckLong(text, 1, int.MaxValue),
    };

    private static TopicConfigDefinition Rate(string name, string documentation) => new()
    {
        Name = name,
        Type = ConfigType.Long,
        DefaultValue = long.MaxValue.ToString(CultureInfo.InvariantCulture),
        Documentation = documentation,
        Check = text => TopicConfigDefinition.CheckLong(text, 0, long.MaxValue),
    };
}
