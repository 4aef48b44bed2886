namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>Where a value comes from; the numbers are the protocol's.</summary>
public enum ConfigSource : sbyte
{
    DynamicTopicConfig = 1,

    /// <summary>Set on one broker while it ran.</summary>
    DynamicBrokerConfig = 2,

    /// <summary>Set for all brokers while they ran.</summary>
    DynamicDefaultBrokerConfig = 3,
    StaticBrokerConfig = 4,
    DefaultConfig = 5,
    DynamicBrokerLoggerConfig = 6,
    ClientMetricsConfig = 7,
    DynamicGroupConfig = 8,
}

/// <summary>The type of a value; the numbers are the protocol's.</summary>
public enum ConfigType : sbyte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,
    Password = 9,
}

/// <summary>One place that has a value for a config, under the name it goes by there.</summary>
public readonly record struct ConfigSynonym(string Name, string? Value, ConfigSource Source);

/// <summary>A config of a topic with the value that applies, as DescribeConfigs and CreateTopics show it.</summary>
/// <param name="Name">Kafka's key.</param>
/// <param name="Value">The value that applies.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Type">Its type.</param>
/// <param name="Documentation">One sentence.</param>
/// <param name="Synonyms">All places that have a value, the one that applies first.</param>
public sealed record TopicConfigEntry(
    string Name,
    string? Value,
    ConfigSource Source,
    ConfigType Type,
    string Documentation,
    IReadOnlyList<ConfigSynonym> Synonyms);
