using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>
/// Ends what no one uses: offsets whose retention is over — counted from when the group became empty, or for a topic
/// that a stable group does not read (any more), or a group without members, from the commit — and then the group.
/// </summary>
internal static class OffsetExpiry
{
    /// <summary>How many offsets go in one turn: a batch is bounded, and whatever is left goes in the next.</summary>
    public const int MaxOffsetsPerTurn = 2_000;

    /// <summary>What goes.</summary>
    internal sealed record Expired(List<GroupRecord> Records, List<GroupEffect> Reports, List<string> EndedGroups)
    {
        /// <summary>Whether more would go if the turn had room.</summary>
        public bool IsCut { get; set; }
    }

    public static Expired Expire(GroupShardState state, IEnumerable<ClassicGroup> groups, GroupShardOptions options, long nowMs)
    {
        var expired = new Expired([], [], []);
        foreach (var group in groups)
        {
            var isRead = ReadingTest(group);
            var left = Expire(state, group.GroupId, expired, offset => !isRead(offset.Topic) && IsOver(group, offset.Offset, options, nowMs));
            if (left == 0
                && group.State == ClassicGroupState.Empty
                && group.PendingMembers.Count == 0
                && state.Groups.ContainsKey(group.GroupId))
            {
                expired.Records.Add(new GroupMetadataRecord(group.GroupId, null));
                expired.Reports.Add(new Report(group.GroupId, "the group is empty and has no offsets: it is forgotten"));
                expired.EndedGroups.Add(group.GroupId);
            }
        }

        return expired;
    }

    /// <summary>Of a consumer group: what no member reads, counted from the commit. Says how many are left.</summary>
    public static int Expire(GroupShardState state, ConsumerGroup group, Expired expired, GroupShardOptions options, long nowMs)
    {
        var read = group.SubscribedTopics().ToHashSet(StringComparer.Ordinal);
        return Expire(state, group.GroupId, expired, offset =>
            !read.Contains(offset.Topic) && IsOver(offset.Offset, offset.Offset.CommitTimestampMs, options, nowMs));
    }

    private static int Expire(
        GroupShardState state,
        string groupId,
        Expired expired,
        Predicate<(string Topic, int Partition, CommittedOffset Offset)> isOver)
    {
        var left = state.Pending.Has(groupId) ? 1 : 0;
        foreach (var committed in state.Offsets.GetValueOrDefault(groupId)?.All ?? [])
        {
            // Not while a transaction is about to write a new one.
            if (!isOver(committed) || state.Pending.Has(groupId, committed.Topic, committed.Partition))
            {
                left++;
            }
            else if (expired.Records.Count >= MaxOffsetsPerTurn)
            {
                expired.IsCut = true;
                return left + 1;
            }
            else
            {
                expired.Records.Add(new OffsetCommitRecord(groupId, committed.Topic, committed.Partition, null));
                expired.Reports.Add(new Report(groupId, $"the offset of {committed.Topic}-{committed.Partition} has expired"));
            }
        }

        return left;
    }

    private static Func<string, bool> ReadingTest(ClassicGroup group) => group.State switch
    {
        ClassicGroupState.Empty or ClassicGroupState.Stable => OffsetDeletion.SubscriptionTest(group),

        // In a rebalance no one can tell what will be read next.
        _ => _ => true,
    };

    private static bool IsOver(ClassicGroup group, CommittedOffset offset, GroupShardOptions options, long nowMs)
    {
        var hadMembers = group.State == ClassicGroupState.Empty && group.ProtocolType is not null && group.StateTimestampMs >= 0;
        return IsOver(offset, hadMembers ? group.StateTimestampMs : offset.CommitTimestampMs, options, nowMs);
    }

    private static bool IsOver(CommittedOffset offset, long sinceMs, GroupShardOptions options, long nowMs) =>
        offset.ExpireTimestampMs is { } expires
            ? nowMs >= expires
            : nowMs - sinceMs >= options.OffsetsRetention.TotalMilliseconds;
}
