using System.Collections.Immutable;
using System.Text;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>What a group reads: regular expressions become topics, and a change of the topics begins a new group epoch.</summary>
internal static class Subscriptions
{
    /// <summary>
    /// Looks at what the group reads now. The epoch moves where a member's subscription <paramref name="hasChanged"/>, or
    /// the topics it stands for have.
    /// </summary>
    public static void Refresh(ConsumerDraft draft, bool hasChanged)
    {
        var memory = draft.Memory;
        var resolves = hasChanged || (!ReferenceEquals(memory.ResolvedTopics, draft.Topics)
            && draft.NowMs - memory.ResolvedMs >= draft.Options.ConsumerRegexRefreshInterval.TotalMilliseconds);
        if (!resolves && ReferenceEquals(memory.CheckedTopics, draft.Topics))
        {
            return;
        }

        if (resolves)
        {
            ResolveRegularExpressions(draft);
            draft.OnAccept(() => (memory.ResolvedTopics, memory.ResolvedMs) = (draft.Topics, draft.NowMs));
        }

        draft.OnAccept(() => memory.CheckedTopics = draft.Topics);
        var hash = Hash(draft.Group, draft.Topics);
        if (hasChanged || hash != draft.Group.Metadata?.MetadataHash)
        {
            BumpEpoch(draft, hash);
        }
    }

    /// <summary>The group has changed: what its members are to have is to be thought over.</summary>
    public static void BumpEpoch(ConsumerDraft draft) => BumpEpoch(draft, Hash(draft.Group, draft.Topics));

    /// <summary>Regular expressions that no member has any more go.</summary>
    public static void ForgetRegularExpressions(ConsumerDraft draft)
    {
        var used = draft.Group.Members.Values
            .Select(member => member.Metadata.SubscribedTopicRegex)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        foreach (var regex in draft.Group.RegularExpressions.Keys.Where(regex => !used.Contains(regex)).ToArray())
        {
            draft.Keep(new ConsumerGroupRegularExpressionRecord(draft.GroupId, regex, null));
        }
    }

    private static void BumpEpoch(ConsumerDraft draft, long hash)
    {
        var old = draft.Group.Metadata;
        draft.Keep(new ConsumerGroupMetadataRecord(
            draft.GroupId,
            new ConsumerGroupMetadata(draft.Group.GroupEpoch + 1, hash, old?.CreationTimeMs ?? draft.NowMs)));
    }

    /// <summary>Of all members; of patterns that were held against these same topics before, what they stand for is known.</summary>
    private static void ResolveRegularExpressions(ConsumerDraft draft)
    {
        ForgetRegularExpressions(draft);
        var areTopicsNew = !ReferenceEquals(draft.Memory.ResolvedTopics, draft.Topics);
        var patterns = draft.Group.Members.Values
            .Select(member => member.Metadata.SubscribedTopicRegex)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Where(pattern => areTopicsNew || !draft.Group.RegularExpressions.ContainsKey(pattern));
        foreach (var pattern in patterns.ToArray())
        {
            // What was accepted from a member once, by this broker or another, may be beyond this one: then it stands for
            // nothing.
            var topics = SubscriptionRegex.TryCreate(pattern, out var regex, out _)
                ? draft.Topics.Names.Where(name => regex.IsMatch(name)).Order(StringComparer.Ordinal).ToImmutableArray()
                : [];
            if (!draft.Group.RegularExpressions.TryGetValue(pattern, out var old) || !old.Topics.AsSpan().SequenceEqual(topics.AsSpan()))
            {
                draft.Keep(new ConsumerGroupRegularExpressionRecord(
                    draft.GroupId, pattern, new ResolvedRegularExpression(topics, -1, draft.NowMs)));
            }
        }
    }

    /// <summary>
    /// A digest of the topics read: another topic, a topic made anew or more partitions make another one. Zero for none, as
    /// in Kafka, whose digest it is not otherwise: a coordinator of Kafka's that takes the log up sees a change, once.
    /// </summary>
    private static long Hash(ConsumerGroup group, IGroupTopics topics)
    {
        const ulong prime = 1099511628211;
        var sum = 0UL;
        Span<byte> id = stackalloc byte[16];
        foreach (var name in group.SubscribedTopics())
        {
            if (!topics.TryGet(name, out var topic))
            {
                continue;
            }

            var hash = 14695981039346656037;
            topic.TopicId.TryWriteBytes(id);
            foreach (var unit in id)
            {
                hash = (hash ^ unit) * prime;
            }

            foreach (var unit in Encoding.UTF8.GetBytes(topic.Name))
            {
                hash = (hash ^ unit) * prime;
            }

            hash = (hash ^ (uint)topic.PartitionCount) * prime;

            // The order in which members name topics does not matter.
            sum += hash ^ (hash >> 29);
        }

        return unchecked((long)sum);
    }
}
