using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Tests;

/// <summary>Topics by name; a topic's id is made of its name and how often it was made before.</summary>
internal sealed class TestTopics : IGroupTopics
{
    private readonly SortedDictionary<string, GroupTopic> _topics = new(StringComparer.Ordinal);

    public static TestTopics None { get; } = new();

    /// <summary>How often they were all looked through.</summary>
    public int Looks { get; private set; }

    public IEnumerable<string> Names
    {
        get
        {
            Looks++;
            return _topics.Keys;
        }
    }

    public static TestTopics Of(params (string Name, int PartitionCount)[] topics)
    {
        var all = new TestTopics();
        foreach (var (name, count) in topics)
        {
            all._topics[name] = new GroupTopic(name, Requests.Uuid(name), count);
        }

        return all;
    }

    public TestTopics With(string name, int partitionCount, string? id = null) =>
        With(new GroupTopic(name, Requests.Uuid(id ?? name), partitionCount));

    public TestTopics With(GroupTopic topic) => Without(topic.Name).Put(topic);

    public TestTopics Without(string name)
    {
        var copy = new TestTopics();
        foreach (var topic in _topics.Values.Where(topic => topic.Name != name))
        {
            copy.Put(topic);
        }

        return copy;
    }

    public bool TryGet(string name, out GroupTopic topic) => _topics.TryGetValue(name, out topic);

    public bool TryGet(Guid topicId, out GroupTopic topic)
    {
        topic = _topics.Values.FirstOrDefault(known => known.TopicId == topicId);
        return topic.Name is not null;
    }

    /// <summary>"orders/0 orders/1", for reading.</summary>
    public string Show(PartitionSet? partitions) => partitions is null ? "-" : string.Join(' ', partitions
        .Select(partition => $"{(TryGet(partition.TopicId, out var topic) ? topic.Name : "?")}/{partition.Partition}")
        .Order(StringComparer.Ordinal));

    public PartitionSet All(params string[] names) => PartitionSet.Of(names.SelectMany(name =>
        TryGet(name, out var topic) ? Enumerable.Range(0, topic.PartitionCount).Select(index => new TopicPartitionId(topic.TopicId, index)) : []));

    private TestTopics Put(GroupTopic topic)
    {
        _topics[topic.Name] = topic;
        return this;
    }
}
