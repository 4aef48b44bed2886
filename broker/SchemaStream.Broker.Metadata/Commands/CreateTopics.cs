using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>CreateTopics: each topic for itself, so that one's error leaves the others alone.</summary>
public sealed record CreateTopicsCommand(IReadOnlyList<NewTopic> Topics, bool ValidateOnly = false)
    : ControllerCommand<CreateTopicsReply>
{
    /// <inheritdoc/>
    public override CreateTopicsReply Refused(ErrorCode error, string message) => new(
        [.. Topics.Select(topic => CreatedTopic.Failed(topic.Name, error, message))]);
}

/// <summary>A topic to create.</summary>
public sealed record NewTopic(string Name)
{
    /// <summary>-1 for the cluster's default, and with <see cref="Assignments"/>.</summary>
    public int PartitionCount { get; init; } = -1;

    /// <summary>-1 for the cluster's default, and with <see cref="Assignments"/>.</summary>
    public int ReplicationFactor { get; init; } = -1;

    /// <summary>Replicas laid down by the caller; empty: the controller places them.</summary>
    public IReadOnlyList<PartitionAssignment> Assignments { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string?>> Configs { get; init; } = [];
}

/// <summary>The brokers of one partition; the first is the preferred leader.</summary>
public sealed record PartitionAssignment(int Partition, IReadOnlyList<int> BrokerIds);

/// <summary>Answers <see cref="CreateTopicsCommand"/>, in the request's order.</summary>
public sealed record CreateTopicsReply(IReadOnlyList<CreatedTopic> Topics);

/// <summary>How one topic's creation went.</summary>
public sealed record CreatedTopic(string Name, ErrorCode ErrorCode, string? ErrorMessage)
{
    /// <summary>Zero with an error, and where only validation was asked for.</summary>
    public Guid TopicId { get; init; }

    public int PartitionCount { get; init; } = -1;

    public int ReplicationFactor { get; init; } = -1;

    /// <summary>Every config of the topic with its value and source, as DescribeConfigs would show it.</summary>
    public IReadOnlyList<Configs.TopicConfigEntry> Configs { get; init; } = [];

    public static CreatedTopic Failed(string name, ErrorCode error, string message) => new(name, error, message);
}
