using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>Forgets offsets: on request, with their topic, with their group.</summary>
internal static class OffsetDeletion
{
    public static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) Delete(
        OffsetDeleteCommand delete, ClassicGroup? group, GroupOffsets? offsets)
    {
        if (group is null)
        {
            return ([], delete.Refused(ErrorCode.GroupIdNotFound));
        }

        if (group.State != ClassicGroupState.Empty && !group.IsConsumerGroup)
        {
            return ([], delete.Refused(ErrorCode.NonEmptyGroup));
        }

        return Delete(delete, SubscriptionTest(group), offsets);
    }

    public static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) Delete(
        OffsetDeleteCommand delete, ConsumerGroup group, GroupOffsets? offsets) =>
        Delete(delete, group.SubscribedTopics().ToHashSet(StringComparer.Ordinal).Contains, offsets);

    private static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) Delete(
        OffsetDeleteCommand delete, Func<string, bool> isRead, GroupOffsets? offsets)
    {
        var records = new List<GroupRecord>();
        var topics = new List<TopicCommitResult>(delete.Topics.Count);
        foreach (var topic in delete.Topics)
        {
            var error = isRead(topic.Topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            topics.Add(new TopicCommitResult(
                topic.Topic, [.. topic.Partitions.Select(partition => new PartitionCommitResult(partition, error))]));
            if (error == ErrorCode.None && offsets is not null)
            {
                var committed = offsets.Of(topic.Topic);
                records.AddRange(topic.Partitions
                    .Where(committed.ContainsKey)
                    .Select(partition => new OffsetCommitRecord(delete.GroupId, topic.Topic, partition, null)));
            }
        }

        return (records, new OffsetDeleteReply(ErrorCode.None, topics));
    }

    public static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) DeleteTopics(TopicsDeletedCommand deleted, GroupShardState state)
    {
        GroupRecord[] records =
        [.. from groupId in state.Offsets.Keys.Order(StringComparer.Ordinal)
            from topic in deleted.Topics.Distinct(StringComparer.Ordinal)
            from partition in state.Offsets[groupId].Of(topic).Keys
            select new OffsetCommitRecord(groupId, topic, partition, null)];
        return (records, new TopicsDeletedReply(ErrorCode.None, records.Length));
    }

    public static IEnumerable<GroupRecord> Tombstones(string groupId, GroupOffsets? offsets) => offsets is null
        ? []
        : offsets.All.Select(offset => new OffsetCommitRecord(groupId, offset.Topic, offset.Partition, null));

    /// <summary>Which topics the group's members read; all of them where that cannot be told.</summary>
    internal static Func<string, bool> SubscriptionTest(ClassicGroup group)
    {
        if (group.State == ClassicGroupState.Empty)
        {
            return _ => false;
        }

        var topics = group.SubscribedTopics();
        return topic => topics?.Contains(topic) ?? true;
    }
}
