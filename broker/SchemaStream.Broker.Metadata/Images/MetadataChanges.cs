namespace SchemaStream.Broker.Metadata.Images;

/// <summary>A topic that was created (nothing before), deleted (nothing after) or changed.</summary>
public sealed record TopicChange(Guid TopicId, TopicImage? Before, TopicImage? After)
{
    /// <summary>The partitions that were added, removed or changed, by index.</summary>
    public IEnumerable<int> Partitions()
    {
        var count = Math.Max(Before?.Partitions.Length ?? 0, After?.Partitions.Length ?? 0);
        for (var index = 0; index < count; index++)
        {
            if (!ReferenceEquals(Before?.Partition(index), After?.Partition(index)))
            {
                yield return index;
            }
        }
    }

    /// <summary>Whether other configs apply than before.</summary>
    public bool IsConfigChanged => !Equals(Before?.Config, After?.Config);
}

/// <summary>What differs between two images, for those who act on changes and cannot look through all topics each time.</summary>
/// <param name="Before">The earlier image.</param>
/// <param name="After">The later one.</param>
/// <param name="Topics">In the order of their ids.</param>
public sealed record MetadataChanges(MetadataImage Before, MetadataImage After, IReadOnlyList<TopicChange> Topics)
{
    /// <summary>Whether a broker came, went, was fenced or moved.</summary>
    public bool AreBrokersChanged => !ReferenceEquals(Before.Brokers, After.Brokers);

    public bool AreBrokerConfigsChanged => !ReferenceEquals(Before.BrokerConfigs, After.BrokerConfigs);

    internal static MetadataChanges Between(MetadataImage before, MetadataImage after)
    {
        var topics = new List<TopicChange>();
        if (!ReferenceEquals(before.TopicsById, after.TopicsById))
        {
            foreach (var topicId in after.History.Since(before.History) ?? AllTopics(before, after))
            {
                before.TryGetTopic(topicId, out var old);
                after.TryGetTopic(topicId, out var @new);
                if (!ReferenceEquals(old, @new))
                {
                    topics.Add(new TopicChange(topicId, old, @new));
                }
            }
        }

        return new MetadataChanges(before, after, topics);
    }

    private static SortedSet<Guid> AllTopics(MetadataImage before, MetadataImage after)
    {
        var topics = new SortedSet<Guid>(before.TopicsById.Keys);
        topics.UnionWith(after.TopicsById.Keys);
        return topics;
    }
}
