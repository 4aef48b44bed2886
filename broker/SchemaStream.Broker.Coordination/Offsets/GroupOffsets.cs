namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>The offsets one group has committed, by topic and partition.</summary>
internal sealed class GroupOffsets
{
    private readonly SortedDictionary<string, SortedDictionary<int, CommittedOffset>> _topics = new(StringComparer.Ordinal);

    public bool IsEmpty => _topics.Count == 0;

    public IEnumerable<string> Topics => _topics.Keys;

    public IEnumerable<(string Topic, int Partition, CommittedOffset Offset)> All =>
        from topic in _topics
        from partition in topic.Value
        select (topic.Key, partition.Key, partition.Value);

    public IReadOnlyDictionary<int, CommittedOffset> Of(string topic) =>
        _topics.TryGetValue(topic, out var partitions) ? partitions : Nothing;

    public void Put(string topic, int partition, CommittedOffset offset)
    {
        if (!_topics.TryGetValue(topic, out var partitions))
        {
            _topics[topic] = partitions = [];
        }

        partitions[partition] = offset;
    }

    public void Remove(string topic, int partition)
    {
        if (_topics.TryGetValue(topic, out var partitions) && partitions.Remove(partition) && partitions.Count == 0)
        {
            _topics.Remove(topic);
        }
    }

    private static readonly SortedDictionary<int, CommittedOffset> Nothing = [];
}
