using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Groups;

/// <summary>How far a group is in a partition.</summary>
/// <param name="Committed">Null where nothing is.</param>
/// <param name="End">Behind the last record; null where the topic is gone.</param>
/// <param name="Member">Who reads it; null for nobody.</param>
internal sealed record GroupProgress(Kafka.TopicPartition Partition, long? Committed, long? End, GroupMemberDescription? Member)
{
    /// <summary>Records that are there and not yet done; null where that cannot be said.</summary>
    public long? Lag => End - Committed;

    /// <summary>All partitions that the group's members read, or that it has offsets of.</summary>
    public static async Task<IReadOnlyList<GroupProgress>> OfAsync(
        CommandContext context, ToolCluster cluster, GroupDescription group, CancellationToken cancellationToken)
    {
        var committed = await GroupOffsets.FetchAsync(cluster, group.GroupId, null, cancellationToken);
        var readers = group.Members.SelectMany(member => member.Assignment.Select(partition => (partition, member)))
            .ToDictionary(each => each.partition, each => each.member);
        var all = new SortedSet<Kafka.TopicPartition>(committed.Keys.Concat(readers.Keys));
        var ends = await EndsAsync(context, cluster, all, cancellationToken);
        return [.. all.Select(partition => new GroupProgress(
            partition,
            committed.TryGetValue(partition, out var offset) ? offset.Offset : null,
            ends.TryGetValue(partition, out var end) ? end : null,
            readers.GetValueOrDefault(partition)))];
    }

    /// <summary>A topic that was deleted has no ends, which is no reason to show nothing of the others.</summary>
    private static async Task<Dictionary<Kafka.TopicPartition, long>> EndsAsync(
        CommandContext context, ToolCluster cluster, IEnumerable<Kafka.TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var topics = new ClusterTopics(cluster);
        var ends = new Dictionary<Kafka.TopicPartition, long>();
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            try
            {
                foreach (var (partition, found) in await topics.OffsetsAsync([.. topic], ClusterTopics.Latest, isCommittedOnly: false, cancellationToken))
                {
                    ends[partition] = found.Offset;
                }
            }
            catch (KafkaErrorException missing) when (missing.Error == ErrorCode.UnknownTopicOrPartition)
            {
                context.Output.Warn($"topic {topic.Key}: {ErrorTranslation.Of(missing)!.Message}");
            }
        }

        return ends;
    }
}
