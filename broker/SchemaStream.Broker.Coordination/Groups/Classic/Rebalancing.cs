using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>The phases of a rebalance: prepare, wait for joins, complete the join phase, wait for syncs.</summary>
internal static class Rebalancing
{
    /// <summary>Membership changed: begin a rebalance, or, in the middle of one, see whether all are there now.</summary>
    public static void PrepareOrComplete(ClassicDraft draft, string reason)
    {
        if (draft.Group.State == ClassicGroupState.PreparingRebalance)
        {
            CompleteIfAllJoined(draft);
        }
        else
        {
            Prepare(draft, reason);
        }
    }

    /// <summary>Ends the join phase when no one is missing any more.</summary>
    public static void CompleteIfAllJoined(ClassicDraft draft)
    {
        var group = draft.Group;
        if (group.State == ClassicGroupState.PreparingRebalance && group.InitialDelayLeft is null && group.HasAllMembersJoined)
        {
            CompleteJoin(draft);
        }
    }

    /// <summary>The join phase's time is up: in a group's first, wait on while members keep coming.</summary>
    public static void JoinDeadline(ClassicDraft draft)
    {
        var group = draft.Group;
        if (group.InitialDelayLeft is { } left && group.MemberJoinedInInitialDelay && left > TimeSpan.Zero)
        {
            var delay = Min(draft.Options.InitialRebalanceDelay, left);
            group.InitialDelayLeft = left - delay;
            group.MemberJoinedInInitialDelay = false;
            draft.ScheduleJoin(delay);
        }
        else
        {
            CompleteJoin(draft);
        }
    }

    /// <summary>Who has the generation but did not fetch the assignment in time is removed, and the others rebalance.</summary>
    public static void SyncDeadline(ClassicDraft draft)
    {
        var group = draft.Group;
        group.SyncDeadlineMs = null;
        foreach (var member in group.Members.Where(member => member.PendingSync).ToArray())
        {
            draft.Remove(member);
        }

        Prepare(draft, "members did not sync in time");
    }

    private static void Prepare(ClassicDraft draft, string reason)
    {
        var group = draft.Group;
        var isFirst = group.State == ClassicGroupState.Empty;
        if (group.State == ClassicGroupState.CompletingRebalance)
        {
            ResetAssignments(draft, ErrorCode.RebalanceInProgress);
        }

        draft.CancelSync();
        group.MoveTo(ClassicGroupState.PreparingRebalance, draft.NowMs);
        draft.Report($"preparing to rebalance generation {group.GenerationId}: {reason}");

        if (isFirst && draft.Options.InitialRebalanceDelay > TimeSpan.Zero)
        {
            var delay = draft.Options.InitialRebalanceDelay;
            group.InitialDelayLeft = Max(group.RebalanceTimeout - delay, TimeSpan.Zero);
            group.MemberJoinedInInitialDelay = false;
            draft.ScheduleJoin(delay);
        }
        else if (isFirst || group.HasAllMembersJoined)
        {
            // Without a delay the first to come are the first generation, as in Kafka; later ones rebalance it.
            CompleteJoin(draft);
        }
        else
        {
            draft.ScheduleJoin(group.RebalanceTimeout);
        }
    }

    private static void CompleteJoin(ClassicDraft draft)
    {
        var group = draft.Group;
        group.InitialDelayLeft = null;
        draft.CancelJoin();

        // A static member may be restarting: it stays until its session ends.
        foreach (var member in group.Members.Where(member => member.AwaitingJoin is null && !member.IsStatic).ToArray())
        {
            draft.Report($"member {member.MemberId} did not rejoin in time");
            draft.Remove(member);
        }

        if (group.MemberCount > 0 && !group.ElectJoinedLeader())
        {
            // Only static members are left and none has come yet; a generation needs a leader that is here.
            draft.ScheduleJoin(group.RebalanceTimeout);
            return;
        }

        group.StartGeneration(draft.NowMs);
        if (group.State == ClassicGroupState.Empty)
        {
            draft.Keep();
            draft.Report($"generation {group.GenerationId} is empty");
            return;
        }

        draft.Report($"generation {group.GenerationId} has {group.MemberCount} members, leader {group.LeaderId}");
        AnswerJoins(draft);
        group.SyncDeadlineMs = draft.After(group.RebalanceTimeout);
        draft.Schedule(GroupTimerKey.Sync(group.GroupId), group.SyncDeadlineMs.Value);
    }

    private static void AnswerJoins(ClassicDraft draft)
    {
        var group = draft.Group;
        foreach (var member in group.Members.ToArray())
        {
            if (member.AwaitingJoin is { } token)
            {
                draft.Reply(token, CurrentGeneration(group, member.MemberId));
            }

            var answered = member with { AwaitingJoin = null, IsNew = false, PendingSync = true };
            group.Put(answered);
            draft.StartSession(answered, answered.SessionTimeout);
        }
    }

    /// <summary>The join reply that tells a member the generation it is in.</summary>
    public static JoinGroupReply CurrentGeneration(ClassicGroup group, string memberId) => new()
    {
        MemberId = memberId,
        GenerationId = group.GenerationId,
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        LeaderId = group.LeaderId ?? "",
        Members = group.IsLeader(memberId) ? group.JoinedMembers() : [],
    };

    private static void ResetAssignments(ClassicDraft draft, ErrorCode error)
    {
        foreach (var member in draft.Group.Members.ToArray())
        {
            var reset = member with { AwaitingSync = null, Assignment = default, PendingSync = false };
            draft.Group.Put(reset);
            if (member.AwaitingSync is { } token)
            {
                draft.Reply(token, new SyncGroupReply { ErrorCode = error });
                draft.StartSession(reset, reset.SessionTimeout);
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
