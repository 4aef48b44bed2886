using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>Makes the target assignment of a group that has changed since its last one.</summary>
internal static class TargetAssigning
{
    public static void Update(ConsumerDraft draft)
    {
        var group = draft.Group;
        if (group.GroupEpoch <= group.AssignmentEpoch)
        {
            return;
        }

        var assignor = PreferredAssignor(group, draft.Options);
        var known = new Dictionary<string, GroupTopic?>(StringComparer.Ordinal);
        var members = group.Members.Values.Select(member => new AssignedMember(
            member.MemberId, member.InstanceId, Topics(group, member, draft.Topics, known), group.Target(member.MemberId))).ToArray();
        foreach (var (memberId, target) in Assignors.Assign(assignor, members).OrderBy(target => target.Key, StringComparer.Ordinal))
        {
            if (!group.Targets.TryGetValue(memberId, out var old) || !old.Equals(target))
            {
                draft.Keep(new ConsumerGroupTargetAssignmentMemberRecord(draft.GroupId, memberId, target));
            }
        }

        draft.Keep(new ConsumerGroupTargetAssignmentMetadataRecord(draft.GroupId, group.GroupEpoch));
        draft.Report($"epoch {group.GroupEpoch} has {members.Length} members, assigned by {assignor}");
    }

    /// <summary>The one that most members ask for; of those that are asked for alike, the first by name.</summary>
    public static string PreferredAssignor(ConsumerGroup group, GroupShardOptions options) =>
        group.Members.Values
            .Select(member => member.Metadata.ServerAssignor)
            .Where(name => name is not null && options.ConsumerAssignors.Contains(name))
            .GroupBy(name => name!, StringComparer.Ordinal)
            .OrderByDescending(votes => votes.Count())
            .ThenBy(votes => votes.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key
        ?? options.ConsumerAssignors[0];

    /// <summary>The member's topics that there are, each once, by id: the order in which assignors go through them.</summary>
    private static GroupTopic[] Topics(
        ConsumerGroup group, ConsumerMember member, IGroupTopics topics, Dictionary<string, GroupTopic?> known)
    {
        var found = new SortedDictionary<Guid, GroupTopic>();
        foreach (var name in group.SubscribedTopics(member))
        {
            if (!known.TryGetValue(name, out var topic))
            {
                known[name] = topic = topics.TryGet(name, out var there) ? there : null;
            }

            if (topic is { } exists)
            {
                found[exists.TopicId] = exists;
            }
        }

        return [.. found.Values];
    }
}
