using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>How far a group is behind in one topic.</summary>
internal readonly record struct GroupLag(string GroupId, string Topic, long Records);

/// <summary>The groups that are coordinated here, and how far the first so many of them are behind.</summary>
internal sealed record GroupSample(IReadOnlyDictionary<string, int> CountByState, IReadOnlyList<GroupLag> Lags)
{
    private const string OtherGroups = "(other)";

    public static GroupSample Empty { get; } = new(new Dictionary<string, int>(), []);

    /// <param name="mostGroups">Groups that are told apart; further ones count together.</param>
    public static async Task<GroupSample> TakeAsync(
        IGroupAccess groups, MetadataImage image, IReadOnlyList<PartitionSample> partitions, int mostGroups, CancellationToken cancellationToken)
    {
        var ends = partitions.ToDictionary(partition => partition.Id);
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        var lags = new Dictionary<(string Group, string Topic), long>();
        var told = 0;
        foreach (var reply in await groups.SubmitToAllAsync(new ListGroupsCommand([], []), cancellationToken).ConfigureAwait(false))
        {
            foreach (var group in reply.Groups)
            {
                states[group.State] = states.GetValueOrDefault(group.State) + 1;
                var name = told++ < mostGroups ? group.GroupId : OtherGroups;
                var fetch = new OffsetFetchCommand { GroupId = group.GroupId };
                var offsets = await groups.SubmitAsync(group.GroupId, fetch, cancellationToken).ConfigureAwait(false);
                foreach (var topic in offsets.Topics)
                {
                    Add(lags, name, topic, image, ends);
                }
            }
        }

        return new GroupSample(states, [.. lags.Select(lag => new GroupLag(lag.Key.Group, lag.Key.Topic, lag.Value))]);
    }

    private static void Add(
        Dictionary<(string Group, string Topic), long> lags,
        string group,
        FetchedTopic offsets,
        MetadataImage image,
        Dictionary<TopicIdPartition, PartitionSample> ends)
    {
        if (!image.TryGetTopic(offsets.Topic, out var topic))
        {
            return;
        }

        foreach (var offset in offsets.Partitions)
        {
            if (offset.CommittedOffset >= 0 && ends.TryGetValue(new TopicIdPartition(topic.TopicId, offset.Partition), out var end))
            {
                var behind = Math.Max(0, end.HighWatermark - Math.Max(offset.CommittedOffset, end.LogStartOffset));
                lags[(group, offsets.Topic)] = lags.GetValueOrDefault((group, offsets.Topic)) + behind;
            }
        }
    }
}
