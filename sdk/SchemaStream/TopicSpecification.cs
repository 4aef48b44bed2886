namespace SchemaStream;

/// <summary>What a new topic is made of.</summary>
public sealed record TopicSpecification
{
    /// <summary>How many partitions; null for the brokers' default.</summary>
    public int? PartitionCount { get; init; }

    /// <summary>How many replicas of each; null for the brokers' default.</summary>
    public short? ReplicationFactor { get; init; }

    /// <summary>Topic settings by Kafka's names, for example <c>cleanup.policy</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
