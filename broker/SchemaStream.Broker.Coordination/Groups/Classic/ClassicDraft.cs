using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>One decision in the making: a copy of the group to change freely, and what the change brings about.</summary>
internal sealed class ClassicDraft(ClassicGroup group, GroupShardOptions options, long nowMs)
{
    public ClassicGroup Group { get; } = group;

    public GroupShardOptions Options { get; } = options;

    public long NowMs { get; } = nowMs;

    public List<GroupRecord> Records { get; } = [];

    public List<GroupEffect> Effects { get; } = [];

    public void Reply(RequestToken token, GroupReply reply) => Effects.Add(new SendReply(token, reply));

    public void Report(string message) => Effects.Add(new Report(Group.GroupId, message));

    public void Keep() => Records.Add(new GroupMetadataRecord(Group.GroupId, Group.ToMetadata()));

    public long After(TimeSpan time) => NowMs + (long)time.TotalMilliseconds;

    public void Schedule(GroupTimerKey key, long deadlineMs) => Effects.Add(new ScheduleTimer(key, deadlineMs));

    /// <summary>Whether a deadline that still stands has come. A timer that fired early is set again.</summary>
    public bool IsDue(GroupTimerKey key, long? deadlineMs)
    {
        if (deadlineMs > NowMs)
        {
            Schedule(key, deadlineMs.Value);
        }

        return deadlineMs <= NowMs;
    }

    public void ScheduleJoin(TimeSpan time)
    {
        Group.JoinDeadlineMs = After(time);
        Schedule(GroupTimerKey.Join(Group.GroupId), Group.JoinDeadlineMs.Value);
    }

    public void CancelJoin()
    {
        if (Group.JoinDeadlineMs is not null)
        {
            Group.JoinDeadlineMs = null;
            Effects.Add(new CancelTimer(GroupTimerKey.Join(Group.GroupId)));
        }
    }

    public void CancelSync()
    {
        if (Group.SyncDeadlineMs is not null)
        {
            Group.SyncDeadlineMs = null;
            Effects.Add(new CancelTimer(GroupTimerKey.Sync(Group.GroupId)));
        }
    }

    /// <summary>The member was heard of just now. Its timer looks at the deadline when it fires, so it need not move.</summary>
    public void Heard(ClassicMember member) => member.Session.DeadlineMs = After(member.SessionTimeout);

    /// <summary>A member's session begins, or begins again after a wait in which none was due.</summary>
    public void StartSession(ClassicMember member, TimeSpan time)
    {
        member.Session.DeadlineMs = After(time);
        Schedule(GroupTimerKey.Session(Group.GroupId, member.MemberId), member.Session.DeadlineMs);
    }

    public void EndSession(string memberId) =>
        Effects.Add(new CancelTimer(GroupTimerKey.Session(Group.GroupId, memberId)));

    /// <summary>Takes a member out and answers whatever it waits for. What follows for the group is the caller's.</summary>
    public void Remove(ClassicMember member, ErrorCode answer = ErrorCode.UnknownMemberId)
    {
        AnswerWaiting(member, answer);
        Group.Remove(member);
        EndSession(member.MemberId);
    }

    /// <summary>Answers the requests that wait on a member with an error; the caller stores the member anew.</summary>
    public void AnswerWaiting(ClassicMember member, ErrorCode error)
    {
        if (member.AwaitingJoin is { } join)
        {
            Reply(join, new JoinGroupReply { ErrorCode = error, MemberId = member.MemberId });
        }

        if (member.AwaitingSync is { } sync)
        {
            Reply(sync, new SyncGroupReply { ErrorCode = error });
        }
    }
}
