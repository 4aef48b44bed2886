using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>What is not kept of a consumer group: by when its members must be heard of, and get on.</summary>
internal sealed class ConsumerMemory
{
    private readonly Dictionary<string, MemberDeadlines> _members = new(StringComparer.Ordinal);

    /// <summary>The topics that the group's subscriptions were last held against.</summary>
    public IGroupTopics? CheckedTopics { get; set; }

    /// <summary>The topics that its regular expressions were last resolved against.</summary>
    public IGroupTopics? ResolvedTopics { get; set; }

    /// <summary>When that was.</summary>
    public long ResolvedMs { get; set; }

    public MemberDeadlines? Of(string memberId) => _members.GetValueOrDefault(memberId);

    public MemberDeadlines Add(string memberId)
    {
        if (!_members.TryGetValue(memberId, out var deadlines))
        {
            _members[memberId] = deadlines = new MemberDeadlines();
        }

        return deadlines;
    }

    public void Remove(string memberId) => _members.Remove(memberId);
}

/// <summary>One member's deadlines.</summary>
internal sealed class MemberDeadlines
{
    /// <summary>By when it must be heard of. That it was heard of is not undone with a decision.</summary>
    public long SessionMs { get; set; }

    /// <summary>When that is looked at next: deadlines that move on need no timer of their own.</summary>
    public long SessionTimerMs { get; set; }

    /// <summary>By when it must have got on; null while nothing is asked of it.</summary>
    public MemberProgress? Progress { get; set; }
}

/// <summary>What a member must do next.</summary>
internal enum MemberProgressKind
{
    /// <summary>Say that it has given partitions up.</summary>
    Revoke,

    /// <summary>Join again; of a classic member that was told so.</summary>
    Rejoin,

    /// <summary>Fetch its assignment; of a classic member that has joined.</summary>
    Sync,
}

/// <summary>By when a member must have done something.</summary>
/// <param name="MemberEpoch">The epoch it was in: a member that is in another one has got on.</param>
internal readonly record struct MemberProgress(MemberProgressKind Kind, long DeadlineMs, int MemberEpoch);
