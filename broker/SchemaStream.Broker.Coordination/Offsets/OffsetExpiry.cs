using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>
/// Ends what no one uses: offsets whose retention is over — counted from when the group became empty, or for a topic
/// that a stable group does not read (any more), or a group without members, from the commit — and then the group.
/// </summary>
internal static class OffsetExpiry
{
    /// <summary>What goes.</summary>
    internal sealed record Expired(List<GroupRecord> Records, List<GroupEffect> Reports, List<string> EndedGroups);

    public static Expired Expire(GroupShardState state, IEnumerable<ClassicGroup> groups, GroupShardOptions options, long nowMs)
    {
        var expired = new Expired([], [], []);
        foreach (var group in groups)
        {
            var left = 0;
            var isRead = ReadingTest(group);
            foreach (var (topic, partition, offset) in state.Offsets.GetValueOrDefault(group.GroupId)?.All ?? [])
            {
                if (!isRead(topic) && IsOver(group, offset, options.OffsetsRetention, nowMs))
                {
                    expired.Records.Add(new OffsetCommitRecord(group.GroupId, topic, partition, null));
                    expired.Reports.Add(new Report(group.GroupId, $"the offset of {topic}-{partition} has expired"));
                }
                else
                {
                    left++;
                }
            }

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

    private static Func<string, bool> ReadingTest(ClassicGroup group) => group.State switch
    {
        ClassicGroupState.Empty or ClassicGroupState.Stable => OffsetDeletion.SubscriptionTest(group),

        // In a rebalance no one can tell what will be read next.
        _ => _ => true,
    };

    private static bool IsOver(ClassicGroup group, CommittedOffset offset, TimeSpan retention, long nowMs)
    {
        if (offset.ExpireTimestampMs is { } expires)
        {
            return nowMs >= expires;
        }

        var hadMembers = group.State == ClassicGroupState.Empty && group.ProtocolType is not null && group.StateTimestampMs >= 0;
        var since = hadMembers ? group.StateTimestampMs : offset.CommitTimestampMs;
        return nowMs - since >= retention.TotalMilliseconds;
    }
}
