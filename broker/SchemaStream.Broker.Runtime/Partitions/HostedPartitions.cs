using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Which partitions are here, and on which lane each one is. Read from any thread; the replica host writes.</summary>
internal sealed class HostedPartitions(IReadOnlyList<Lane> lanes, int mostTopicsCounted = 1_000)
{
    private readonly ConcurrentDictionary<TopicIdPartition, HostedPartition> _partitions = new();
    private readonly Lock _counting = new();
    private volatile MetadataImage _image = MetadataImage.Empty;

    /// <summary>The newest image whose partitions are here.</summary>
    public MetadataImage Image
    {
        get => _image;
        set => _image = value;
    }

    public IReadOnlyList<Lane> Lanes => lanes;

    /// <summary>What partitions count, for metrics.</summary>
    public BrokerCounts Counts { get; } = new(mostTopicsCounted);

    public ICollection<HostedPartition> All => _partitions.Values;

    public bool TryGet(TopicIdPartition id, [NotNullWhen(true)] out HostedPartition? partition) =>
        _partitions.TryGetValue(id, out partition);

    public bool Contains(HostedPartition partition) => TryGet(partition.Id, out var found) && ReferenceEquals(found, partition);

    public void Add(HostedPartition partition)
    {
        lock (_counting)
        {
            _partitions[partition.Id] = partition;
            partition.Traffic = Counts.Of(partition.Topic);
        }
    }

    public void Remove(HostedPartition partition) => _partitions.TryRemove(partition.Id, out _);

    /// <summary>
    /// Topics of which nothing is here any more make room in the counts for others. Not by an image: one that has a new topic
    /// is shown only after its partitions have come, and these would go on counting where no one looks.
    /// </summary>
    public void ForgetTopics()
    {
        lock (_counting)
        {
            var here = _partitions.Values.Select(partition => partition.Topic).ToHashSet(StringComparer.Ordinal);
            Counts.Forget(topic => !here.Contains(topic));
        }
    }

    /// <summary>Partitions of one topic lie on different lanes, so that a single busy topic uses them all.</summary>
    public int LaneIndexOf(TopicIdPartition id) => (int)(((uint)id.TopicId.GetHashCode() + (uint)id.Partition) % (uint)lanes.Count);

    /// <summary>What a request for a partition that is not here is answered with, and who leads it.</summary>
    public ErrorCode WhyNotHere(TopicIdPartition id, out int leaderId, out int leaderEpoch)
    {
        (leaderId, leaderEpoch) = (-1, -1);
        if (!_image.TryGetTopic(id.TopicId, out var topic) || topic.Partition(id.Partition) is not { } registration)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        (leaderId, leaderEpoch) = (registration.Leader, registration.LeaderEpoch);
        return ErrorCode.NotLeaderOrFollower;
    }
}
