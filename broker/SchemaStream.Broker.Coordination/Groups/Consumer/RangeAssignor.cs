using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// Of each topic a range of partitions to each of its readers, in the same order for every topic: partition n of several
/// topics of the same size has the same reader. Static members come first, so that their ranges outlive a restart.
/// </summary>
internal static class RangeAssignor
{
    public static IReadOnlyDictionary<string, PartitionSet> Assign(IReadOnlyList<AssignedMember> members)
    {
        var ordered = members
            .OrderBy(member => member.InstanceId is null)
            .ThenBy(member => member.InstanceId ?? member.MemberId, StringComparer.Ordinal)
            .ToArray();
        var topics = new Dictionary<Guid, Readers>();
        foreach (var topic in ordered.SelectMany(member => member.Topics))
        {
            var known = topics.GetValueOrDefault(topic.TopicId);
            topics[topic.TopicId] = known with { Left = known.Left + 1 };
        }

        var assignment = new Dictionary<string, PartitionSet>(StringComparer.Ordinal);
        foreach (var member in ordered)
        {
            var partitions = new List<TopicPartitionId>();
            foreach (var topic in member.Topics)
            {
                var readers = topics[topic.TopicId];

                // What is left, shared evenly among who is left, rounded up: the first of them have one more.
                var count = (topic.PartitionCount - readers.Next + readers.Left - 1) / readers.Left;
                partitions.AddRange(Enumerable.Range(readers.Next, count).Select(index => new TopicPartitionId(topic.TopicId, index)));
                topics[topic.TopicId] = new Readers(readers.Next + count, readers.Left - 1);
            }

            assignment[member.MemberId] = PartitionSet.Of(partitions);
        }

        return assignment;
    }

    /// <summary>The topic's first partition that has no reader yet, and how many readers have none.</summary>
    private readonly record struct Readers(int Next, int Left);
}
