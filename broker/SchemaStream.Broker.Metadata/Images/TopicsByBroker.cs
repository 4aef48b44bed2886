using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// The index from brokers to topics in the middle of a replay. It knows topics, not partitions: leaders and ISRs change
/// often, assignments rarely, and a topic's partitions are quickly looked through.
/// </summary>
internal sealed class TopicsByBroker(ImmutableDictionary<int, ImmutableSortedSet<Guid>> original)
{
    private readonly Dictionary<int, ImmutableSortedSet<Guid>.Builder> _changed = [];

    public void Add(Guid topicId, IEnumerable<int> brokerIds)
    {
        foreach (var brokerId in brokerIds)
        {
            Topics(brokerId).Add(topicId);
        }
    }

    public void Remove(Guid topicId, IEnumerable<int> brokerIds)
    {
        foreach (var brokerId in brokerIds)
        {
            Topics(brokerId).Remove(topicId);
        }
    }

    public ImmutableDictionary<int, ImmutableSortedSet<Guid>> Build()
    {
        var built = original;
        foreach (var (brokerId, topics) in _changed)
        {
            built = topics.Count == 0 ? built.Remove(brokerId) : built.SetItem(brokerId, topics.ToImmutable());
        }

        return built;
    }

    /// <summary>The brokers that hold the partitions.</summary>
    public static HashSet<int> Brokers(IReadOnlyList<PartitionRegistration> partitions)
    {
        var brokers = new HashSet<int>();
        var last = default(ImmutableArray<int>);
        foreach (var partition in partitions)
        {
            if (partition.Replicas != last)
            {
                last = partition.Replicas;
                brokers.UnionWith(last);
            }
        }

        return brokers;
    }

    private ImmutableSortedSet<Guid>.Builder Topics(int brokerId)
    {
        if (!_changed.TryGetValue(brokerId, out var topics))
        {
            _changed[brokerId] = topics = (original.GetValueOrDefault(brokerId) ?? []).ToBuilder();
        }

        return topics;
    }
}
