using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>Members go: by LeaveGroup, or because they were not heard of.</summary>
internal static class Leaving
{
    public static void Leave(ClassicDraft draft, LeaveGroupCommand leave, RequestToken token)
    {
        var results = new List<LeftMember>(leave.Members.Count);
        var memberCount = draft.Group.MemberCount;
        foreach (var leaving in leave.Members)
        {
            var error = Remove(draft, leaving);
            if (error == ErrorCode.None && !string.IsNullOrEmpty(leaving.Reason))
            {
                draft.Report($"member {leaving.MemberId} left: {ClientReason.Of(leaving.Reason)}");
            }

            results.Add(new LeftMember(leaving.MemberId, leaving.GroupInstanceId, error));
        }

        draft.Reply(token, new LeaveGroupReply(ErrorCode.None, results));
        if (draft.Group.MemberCount < memberCount)
        {
            Rebalancing.PrepareOrComplete(draft, "members left");
        }
        else
        {
            // Ids given out may have gone, and someone may have waited for them.
            Rebalancing.CompleteIfAllJoined(draft);
        }
    }

    /// <summary>No one is a member of a group that is not there.</summary>
    public static LeaveGroupReply FromNoGroup(LeaveGroupCommand leave) => new(
        ErrorCode.None,
        [.. leave.Members.Select(member => new LeftMember(member.MemberId, member.GroupInstanceId, ErrorCode.UnknownMemberId))]);

    /// <summary>A session's deadline.</summary>
    public static void SessionDeadline(ClassicDraft draft, string memberId)
    {
        var group = draft.Group;
        var key = GroupTimerKey.Session(group.GroupId, memberId);
        if (group.PendingMembers.TryGetValue(memberId, out var deadline))
        {
            if (draft.IsDue(key, deadline))
            {
                group.PendingMembers.Remove(memberId);
                Rebalancing.CompleteIfAllJoined(draft);
            }

            return;
        }

        if (group.Member(memberId) is not { } member
            || member.AwaitingSync is not null
            || (member.AwaitingJoin is not null && !member.IsNew))
        {
            // While its request waits here, the member has no call to send heartbeats; the reply starts its session anew.
            return;
        }

        if (draft.IsDue(key, member.Session.DeadlineMs))
        {
            draft.Remove(member);
            Rebalancing.PrepareOrComplete(draft, $"member {memberId} was not heard of for {member.SessionTimeout.TotalMilliseconds} ms");
        }
    }

    private static ErrorCode Remove(ClassicDraft draft, LeavingMember leaving)
    {
        var group = draft.Group;
        if (leaving.MemberId.Length == 0)
        {
            // An administrator names static members by instance id alone.
            if (leaving.GroupInstanceId is null || group.StaticMember(leaving.GroupInstanceId) is not { } named)
            {
                return ErrorCode.UnknownMemberId;
            }

            draft.Remove(named);
            return ErrorCode.None;
        }

        if (leaving.GroupInstanceId is null && group.PendingMembers.Remove(leaving.MemberId))
        {
            draft.EndSession(leaving.MemberId);
            return ErrorCode.None;
        }

        if (group.Validate(leaving.MemberId, leaving.GroupInstanceId) is not ErrorCode.None and var error)
        {
            return error;
        }

        draft.Remove(group.Member(leaving.MemberId)!);
        return ErrorCode.None;
    }
}
