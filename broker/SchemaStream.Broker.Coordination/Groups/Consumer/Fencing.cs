using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>Members of a consumer group go: of themselves, or because they were not heard of, or did not get on.</summary>
internal static class Fencing
{
    /// <summary>ConsumerGroupHeartbeat with the epoch -1 or -2.</summary>
    public static ConsumerGroupHeartbeatReply Leave(ConsumerDraft draft, ConsumerGroupHeartbeatCommand beat)
    {
        var refusal = beat.InstanceId is { } instance
            ? Heartbeating.CheckInstance(draft.Group, beat.MemberId, instance)
            : draft.Group.Member(beat.MemberId) is null ? Heartbeating.UnknownMember(draft.GroupId, beat.MemberId) : Refusal.None;
        if (refusal.IsRefused)
        {
            return new ConsumerGroupHeartbeatReply { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };
        }

        if (beat.MemberEpoch == ConsumerGroupHeartbeatCommand.LeaveForAWhile)
        {
            var current = draft.Group.Member(beat.MemberId)!.Current;
            draft.GotOn(beat.MemberId);
            draft.Keep(new ConsumerGroupCurrentMemberAssignmentRecord(draft.GroupId, beat.MemberId, current with
            {
                MemberEpoch = ConsumerGroupHeartbeatCommand.LeaveForAWhile,
                PreviousMemberEpoch = current.MemberEpoch,
                PendingRevocation = PartitionSet.Empty,
            }));
        }
        else
        {
            Fence(draft, beat.MemberId, "it left");
        }

        return new ConsumerGroupHeartbeatReply { MemberId = beat.MemberId, MemberEpoch = beat.MemberEpoch };
    }

    /// <summary>A member's session has had its deadline.</summary>
    public static void SessionDeadline(ConsumerDraft draft, string memberId)
    {
        if (draft.Group.Member(memberId) is not { } member || draft.Memory.Of(memberId) is not { } deadlines)
        {
            return;
        }

        if (deadlines.SessionMs > draft.NowMs)
        {
            draft.LookAtSession(memberId, deadlines.SessionMs);
            return;
        }

        Fence(draft, memberId, $"it was not heard of for {draft.SessionTimeout(member).TotalMilliseconds} ms");
    }

    /// <summary>A member had until now to get on.</summary>
    public static void ProgressDeadline(ConsumerDraft draft, string memberId)
    {
        if (draft.Group.Member(memberId) is not { } member || draft.Memory.Of(memberId)?.Progress is not { } progress)
        {
            return;
        }

        if (progress.DeadlineMs > draft.NowMs)
        {
            draft.Effects.Add(new Effects.ScheduleTimer(Effects.GroupTimerKey.Progress(draft.GroupId, memberId), progress.DeadlineMs));
        }
        else if (progress.Kind == MemberProgressKind.Revoke && member.MemberEpoch != progress.MemberEpoch)
        {
            draft.GotOn(memberId);
        }
        else
        {
            var what = progress.Kind switch
            {
                MemberProgressKind.Revoke => "give its partitions up",
                MemberProgressKind.Rejoin => "join again",
                _ => "sync",
            };
            Fence(draft, memberId, $"it did not {what} in time");
        }
    }

    /// <summary>The member goes. What it had is free, and the others share it out with their next heartbeats.</summary>
    public static void Fence(ConsumerDraft draft, string memberId, string why)
    {
        draft.Report($"member {memberId} is out: {why}");
        if (Downgrading.IsDue(draft, memberId, remaining: draft.Group.Members.Count - 1))
        {
            Downgrading.Leave(draft, memberId);
            return;
        }

        Remove(draft, memberId);
        Subscriptions.ForgetRegularExpressions(draft);
        Subscriptions.BumpEpoch(draft);
    }

    /// <summary>All that is kept of a member.</summary>
    public static void Remove(ConsumerDraft draft, string memberId)
    {
        draft.Keep(new ConsumerGroupCurrentMemberAssignmentRecord(draft.GroupId, memberId, null));
        draft.Keep(new ConsumerGroupTargetAssignmentMemberRecord(draft.GroupId, memberId, null));
        draft.Keep(new ConsumerGroupMemberMetadataRecord(draft.GroupId, memberId, null));
        draft.Forget(memberId);
    }

    /// <summary>All that is kept of a group.</summary>
    public static void RemoveGroup(ConsumerDraft draft)
    {
        foreach (var memberId in draft.Group.Members.Keys.ToArray())
        {
            Remove(draft, memberId);
        }

        foreach (var regex in draft.Group.RegularExpressions.Keys.ToArray())
        {
            draft.Keep(new ConsumerGroupRegularExpressionRecord(draft.GroupId, regex, null));
        }

        foreach (var memberId in draft.Group.Targets.Keys.ToArray())
        {
            draft.Keep(new ConsumerGroupTargetAssignmentMemberRecord(draft.GroupId, memberId, null));
        }

        draft.Keep(new ConsumerGroupTargetAssignmentMetadataRecord(draft.GroupId, null));
        draft.Keep(new ConsumerGroupMetadataRecord(draft.GroupId, null));
    }
}
