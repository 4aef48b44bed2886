namespace SchemaStream.Broker.Coordination.Topics;

/// <summary>Before the driver has said which topics there are.</summary>
internal sealed class NoTopics : IGroupTopics
{
    public static NoTopics Instance { get; } = new();

    public IEnumerable<string> Names => [];

    public bool TryGet(string name, out GroupTopic topic)
    {
        topic = default;
        return false;
    }

    public bool TryGet(Guid topicId, out GroupTopic topic)
    {
        topic = default;
        return false;
    }
}
