using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>One decision on a consumer group in the making: its records so far, and the group as they make it.</summary>
internal sealed class ConsumerDraft(
    ConsumerGroup group, ConsumerMemory memory, IGroupTopics topics, GroupShardOptions options, long nowMs)
{
    private readonly List<Action> _onAccept = [];

    /// <summary>As the records of this decision leave it.</summary>
    public ConsumerGroup Group { get; private set; } = group;

    public string GroupId => Group.GroupId;

    public ConsumerMemory Memory { get; } = memory;

    public IGroupTopics Topics { get; } = topics;

    public GroupShardOptions Options { get; } = options;

    public long NowMs { get; } = nowMs;

    public List<GroupRecord> Records { get; } = [];

    public List<GroupEffect> Effects { get; } = [];

    /// <summary>The classic group that this one becomes, or null with <see cref="EndsClassicGroup"/> for one that it was.</summary>
    public ClassicGroup? ClassicGroup { get; set; }

    public bool EndsClassicGroup { get; set; }

    public void Keep(ConsumerGroupRecord record)
    {
        Records.Add(record);
        Group = Group.Apply(record);
    }

    public void Report(string message) => Effects.Add(new Report(GroupId, message));

    /// <summary>What changes in memory once the decision is accepted.</summary>
    public void OnAccept(Action change) => _onAccept.Add(change);

    public void Accept()
    {
        foreach (var change in _onAccept)
        {
            change();
        }
    }

    public long After(TimeSpan time) => NowMs + (long)time.TotalMilliseconds;

    /// <summary>
    /// The member's timer looks at the deadline when it fires, so it moves only for a new member, or when sessions have been
    /// made shorter.
    /// </summary>
    public void Heard(ConsumerMember member)
    {
        var deadlineMs = After(SessionTimeout(member));
        if (Memory.Of(member.MemberId) is { } known)
        {
            known.SessionMs = deadlineMs;
            if (known.SessionTimerMs <= deadlineMs)
            {
                return;
            }
        }
        else
        {
            OnAccept(() => Memory.Add(member.MemberId).SessionMs = deadlineMs);
        }

        LookAtSession(member.MemberId, deadlineMs);
    }

    public void LookAtSession(string memberId, long deadlineMs)
    {
        Effects.Add(new ScheduleTimer(GroupTimerKey.Session(GroupId, memberId), deadlineMs));
        OnAccept(() => Memory.Add(memberId).SessionTimerMs = deadlineMs);
    }

    /// <summary>The member must do something within its rebalance time-out.</summary>
    public void Expect(ConsumerMember member, MemberProgressKind kind)
    {
        var progress = new MemberProgress(kind, After(member.Metadata.RebalanceTimeout), member.MemberEpoch);
        Effects.Add(new ScheduleTimer(GroupTimerKey.Progress(GroupId, member.MemberId), progress.DeadlineMs));
        OnAccept(() => Memory.Add(member.MemberId).Progress = progress);
    }

    /// <summary>The member did it.</summary>
    public void GotOn(string memberId)
    {
        if (Memory.Of(memberId)?.Progress is not null)
        {
            Effects.Add(new CancelTimer(GroupTimerKey.Progress(GroupId, memberId)));
            OnAccept(() => Memory.Add(memberId).Progress = null);
        }
    }

    /// <summary>The member is gone, or known under another id.</summary>
    public void Forget(string memberId)
    {
        Effects.Add(new CancelTimer(GroupTimerKey.Session(GroupId, memberId)));
        if (Memory.Of(memberId)?.Progress is not null)
        {
            Effects.Add(new CancelTimer(GroupTimerKey.Progress(GroupId, memberId)));
        }

        OnAccept(() => Memory.Remove(memberId));
    }

    public TimeSpan SessionTimeout(ConsumerMember member) => member.Metadata.Classic?.SessionTimeout ?? Options.ConsumerSessionTimeout;
}
