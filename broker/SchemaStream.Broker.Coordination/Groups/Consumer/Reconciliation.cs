using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// Takes a member towards its target, a step with each heartbeat: first it gives up what it is not to have, and only then
/// is it in the new epoch; what it is to have it gets as others give it up. So no partition ever has two readers.
/// </summary>
internal static class Reconciliation
{
    /// <summary>One step, where one can be made.</summary>
    /// <param name="owned">What the member says it has; null: it does not say.</param>
    public static void Reconcile(ConsumerDraft draft, string memberId, PartitionSet? owned)
    {
        var member = draft.Group.Member(memberId)!;
        if (member.IsReconciledTo(draft.Group.AssignmentEpoch))
        {
            return;
        }

        var next = Next(draft.Group, member, owned);
        if (next == member.Current)
        {
            return;
        }

        draft.Keep(new ConsumerGroupCurrentMemberAssignmentRecord(draft.GroupId, memberId, next));
        member = draft.Group.Member(memberId)!;
        if (member.IsClassic)
        {
            // It is told to join again, and has the time of a join and a sync for it.
            return;
        }

        if (next.State == ConsumerMemberState.UnrevokedPartitions)
        {
            draft.Expect(member, MemberProgressKind.Revoke);
        }
        else
        {
            draft.GotOn(memberId);
        }
    }

    private static CurrentAssignment Next(ConsumerGroup group, ConsumerMember member, PartitionSet? owned)
    {
        var current = member.Current;
        switch (current.State)
        {
            case ConsumerMemberState.UnrevokedPartitions when StillOwns(owned, current.PendingRevocation):
                return current;
            case ConsumerMemberState.UnrevokedPartitions:
                // It has given up what the epoch it is in asked for, so it is in the next one, at least.
                return Towards(group, member, current.MemberEpoch + 1, owned);
            case ConsumerMemberState.Unknown:
                return Towards(group, member, group.AssignmentEpoch, owned);
            default:
                return Towards(group, member, current.MemberEpoch, owned);
        }
    }

    private static CurrentAssignment Towards(ConsumerGroup group, ConsumerMember member, int memberEpoch, PartitionSet? owned)
    {
        var target = group.Target(member.MemberId);
        var kept = member.Current.Assigned.Intersect(target);
        var revoked = member.Current.Assigned.Except(target);
        if (!revoked.IsEmpty && StillOwns(owned, revoked))
        {
            return In(member.Current, memberEpoch, ConsumerMemberState.UnrevokedPartitions, kept, revoked);
        }

        var missing = target.Except(kept);
        var free = missing.Where(partition => group.Owner(partition) is not { } owner || owner == member.MemberId);
        var state = free.Count < missing.Count ? ConsumerMemberState.UnreleasedPartitions : ConsumerMemberState.Stable;
        return In(member.Current, group.AssignmentEpoch, state, kept.Union(free), PartitionSet.Empty);
    }

    private static CurrentAssignment In(
        CurrentAssignment current, int memberEpoch, ConsumerMemberState state, PartitionSet assigned, PartitionSet revoked) => new(
        memberEpoch,
        memberEpoch == current.MemberEpoch ? current.PreviousMemberEpoch : current.MemberEpoch,
        state,
        assigned,
        revoked);

    private static bool StillOwns(PartitionSet? owned, PartitionSet revoked) => owned is null || owned.Overlaps(revoked);
}
