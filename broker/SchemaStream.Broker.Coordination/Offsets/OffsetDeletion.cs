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
        OffsetDeleteCommand delete, ClassicGroup? group, GroupShardState state)
    {
        if (group is null)
        {
            return ([], delete.Refused(ErrorCode.GroupIdNotFound));
        }

        if (group.State != ClassicGroupState.Empty && !group.IsConsumerGroup)
        {
            return ([], delete.Refused(ErrorCode.NonEmptyGroup));
        }

        return Delete(delete, SubscriptionTest(group), state);
    }

    public static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) Delete(
        OffsetDeleteCommand delete, ConsumerGroup group, GroupShardState state) =>
        Delete(delete, group.SubscribedTopics().ToHashSet(StringComparer.Ordinal).Contains, state);

    private static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) Delete(
        OffsetDeleteCommand delete, Func<string, bool> isRead, GroupShardState state)
    {
        var records = new List<GroupRecord>();
        var topics = new List<TopicCommitResult>(delete.Topics.Count);
        foreach (var topic in delete.Topics)
        {
            var error = isRead(topic.Topic) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            topics.Add(new TopicCommitResult(
                topic.Topic, [.. topic.Partitions.Select(partition => new PartitionCommitResult(partition, error))]));
            if (error == ErrorCode.None)
            {
                var committed = state.Offsets.GetValueOrDefault(delete.GroupId)?.Of(topic.Topic);
                records.AddRange(topic.Partitions
                    .Where(partition => committed?.ContainsKey(partition) == true
                        || state.Pending.Has(delete.GroupId, topic.Topic, partition))
                    .Select(partition => new OffsetCommitRecord(delete.GroupId, topic.Topic, partition, null)));
            }
        }

        return (records, new OffsetDeleteReply(ErrorCode.None, topics));
    }

    public static (IReadOnlyList<GroupRecord> Records, GroupReply Reply) DeleteTopics(TopicsDeletedCommand deleted, GroupShardState state)
    {
        var topics = deleted.Topics.ToHashSet(StringComparer.Ordinal);
        GroupRecord[] records =
        [.. from groupId in state.Offsets.Keys.Concat(state.Pending.Groups).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            from tombstone in Tombstones(groupId, state)
            where topics.Contains(tombstone.Topic)
            select tombstone];
        return (records, new TopicsDeletedReply(ErrorCode.None, records.Length));
    }

    /// <summary>For all that the group has committed, also what is pending only.</summary>
    public static IEnumerable<OffsetCommitRecord> Tombstones(string groupId, GroupShardState state) =>
        (state.Offsets.GetValueOrDefault(groupId)?.All ?? [])
            .Select(offset => new OffsetKey(groupId, offset.Topic, offset.Partition))
            .Union(state.Pending.Of(groupId))
            .Select(key => new OffsetCommitRecord(groupId, key.Topic, key.Partition, null));

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
