using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>What the metadata log says, as whoever replays it first sees it; and that everyone sees the same.</summary>
internal sealed class MetadataWatch
{
    private readonly Dictionary<long, string> _digests = [];
    private readonly Dictionary<Guid, (int Node, bool IsClean)> _incarnations = [];
    private readonly Dictionary<string, Guid> _topics = [];
    private readonly SortedDictionary<PartitionKey, PartitionHistory> _histories = [];
    private MetadataImage _newest = MetadataImage.Empty;

    /// <summary>Told of each change of a partition, with what was before.</summary>
    public Action<PartitionKey, PartitionRegistration?, PartitionRegistration> Changed { get; set; } = static (_, _, _) => { };

    public IEnumerable<PartitionHistory> Histories => _histories.Values;

    public MetadataImage Newest => _newest;

    public PartitionHistory History(PartitionKey key) => _histories[key];

    /// <summary>A process has started; whether the one before it on this machine closed its logs, only the machine knows.</summary>
    public void Starts(Guid incarnation, int node, bool wasClean) => _incarnations[incarnation] = (node, wasClean);

    public void Replayed(int node, long endOffset, IReadOnlyList<IRecordMessage> records, MetadataImage image)
    {
        var digest = Digest(image);
        if (!_digests.TryAdd(endOffset, digest))
        {
            if (_digests[endOffset] != digest)
            {
                throw new BrokenPromiseException($"at metadata offset {endOffset} node {node} sees\n{digest}\nand others saw\n{_digests[endOffset]}");
            }

            return;
        }

        foreach (var registration in records.OfType<RegisterBrokerRecord>().Where(record => !_incarnations[record.IncarnationId].IsClean))
        {
            if (!_newest.Brokers.TryGetValue(registration.BrokerId, out var known) || known.IncarnationId != registration.IncarnationId)
            {
                foreach (var history in _histories.Values)
                {
                    history.StoppedUncleanly(registration.BrokerId);
                }
            }
        }

        foreach (var topic in image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal))
        {
            Watch(topic);
        }

        _newest = image;
    }

    private void Watch(TopicImage topic)
    {
        _topics.TryAdd(topic.Name, topic.TopicId);
        if (_topics[topic.Name] != topic.TopicId)
        {
            throw new BrokenPromiseException($"topic {topic.Name} was {_topics[topic.Name]} and is {topic.TopicId}");
        }

        _newest.TryGetTopic(topic.TopicId, out var before);
        for (var index = 0; index < topic.Partitions.Length; index++)
        {
            var key = new PartitionKey(topic.Name, topic.TopicId, index);
            var (was, now) = (before?.Partition(index), topic.Partitions[index]);
            if (was is not null && Describe(was) == Describe(now))
            {
                continue;
            }

            if (!_histories.TryGetValue(key, out var history))
            {
                _histories.Add(key, history = new PartitionHistory(key));
            }

            Changed(key, was, now);
            history.Changed(was, now, topic.Config.MinInSyncReplicas, topic.Config.UncleanLeaderElectionEnable);
        }
    }

    private static string Digest(MetadataImage image) => string.Join('\n',
    [
        $"{image.Offset} {image.ClusterId} {image.NextProducerId}",
        .. image.Brokers.Values.Select(broker => $"broker {broker.BrokerId} {broker.IncarnationId} {broker.BrokerEpoch} {broker.Fenced} {broker.InControlledShutdown}"),
        .. image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal).SelectMany(
            topic => topic.Partitions.Select((partition, index) => $"{topic.Name} {topic.TopicId} {index} {Describe(partition)}")),
    ]);

    public static string Describe(PartitionRegistration partition) =>
        $"leader {partition.Leader} in epoch {partition.LeaderEpoch}/{partition.PartitionEpoch} replicas {Ids(partition.Replicas)} isr {Ids(partition.Isr)} "
        + $"elr {Ids(partition.Elr)} last {Ids(partition.LastKnownElr)} adding {Ids(partition.AddingReplicas)} removing {Ids(partition.RemovingReplicas)}";

    private static string Ids(ImmutableArray<int> ids) => $"[{string.Join(',', ids)}]";
}
