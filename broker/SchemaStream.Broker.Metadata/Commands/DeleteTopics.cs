using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A topic by name, or (name null) by id.</summary>
public readonly record struct TopicSelector(string? Name, Guid TopicId)
{
    public static TopicSelector ByName(string name) => new(name, Guid.Empty);

    public static TopicSelector ById(Guid topicId) => new(null, topicId);
}

/// <summary>DeleteTopics.</summary>
public sealed record DeleteTopicsCommand(IReadOnlyList<TopicSelector> Topics) : ControllerCommand<DeleteTopicsReply>
{
    /// <inheritdoc/>
    public override DeleteTopicsReply Refused(ErrorCode error, string message) => new(
        [.. Topics.Select(topic => new DeletedTopic(topic.Name, topic.TopicId, error, message))]);
}

/// <summary>How one topic's deletion went; name and id are both told where the topic is known.</summary>
public sealed record DeletedTopic(string? Name, Guid TopicId, ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="DeleteTopicsCommand"/>, in the request's order.</summary>
public sealed record DeleteTopicsReply(IReadOnlyList<DeletedTopic> Topics);
