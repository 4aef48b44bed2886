namespace SchemaStream.Broker.Coordination.Topics;

/// <summary>What a group's coordinator knows of a topic.</summary>
public readonly record struct GroupTopic(string Name, Guid TopicId, int PartitionCount);

/// <summary>
/// The topics there are, as the driver sees them now: subscriptions are resolved against them. It does not change; the
/// driver hands a newer one to the shard.
/// </summary>
public interface IGroupTopics
{
    /// <summary>All of them, in no order.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>False: there is no such topic.</summary>
    bool TryGet(string name, out GroupTopic topic);

    /// <summary>False: there is no such topic.</summary>
    bool TryGet(Guid topicId, out GroupTopic topic);
}
