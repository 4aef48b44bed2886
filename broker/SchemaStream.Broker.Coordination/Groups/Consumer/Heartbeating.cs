using System.Collections.Immutable;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// ConsumerGroupHeartbeat, but for leaving: the member joins or says what it has; the group takes that in, makes a new
/// target if it has changed, and takes the member a step towards its own.
/// </summary>
internal static class Heartbeating
{
    public static ConsumerGroupHeartbeatReply Beat(ConsumerDraft draft, ConsumerGroupHeartbeatCommand beat)
    {
        var memberId = beat.MemberId.Length > 0 ? beat.MemberId : NewMemberId(beat.MemberUuid);
        if (draft.Group.Members.Count >= draft.Options.ConsumerMaxSize
            && draft.Group.Member(memberId) is null
            && (beat.InstanceId is null || draft.Group.StaticMember(beat.InstanceId) is null))
        {
            return Refused(new Refusal(
                ErrorCode.GroupMaxSizeReached,
                $"The consumer group has reached its maximum capacity of {draft.Options.ConsumerMaxSize} members."));
        }

        var refusal = beat.InstanceId is null ? AdmitDynamic(draft, memberId, beat) : AdmitStatic(draft, memberId, beat);
        if (refusal.IsRefused)
        {
            return Refused(refusal);
        }

        var before = draft.Group.Member(memberId)?.Current.Assigned ?? PartitionSet.Empty;
        refusal = Subscribe(draft, memberId, beat, out var hasChanged);
        if (refusal.IsRefused)
        {
            return Refused(refusal);
        }

        Subscriptions.Refresh(draft, hasChanged);
        TargetAssigning.Update(draft);
        Reconciliation.Reconcile(draft, memberId, beat.OwnedPartitions);

        var member = draft.Group.Member(memberId)!;
        draft.Heard(member);
        return new ConsumerGroupHeartbeatReply
        {
            MemberId = memberId,
            MemberEpoch = member.MemberEpoch,
            HeartbeatInterval = draft.Options.ConsumerHeartbeatInterval,
            Assignment = IsFull(beat) || !member.Current.Assigned.Equals(before) ? member.Current.Assigned : null,
        };
    }

    /// <summary>The member's epoch, or the one before, whose answer may have been lost: then it has no more than the newer gives.</summary>
    public static Refusal CheckEpoch(ConsumerMember member, int epoch, PartitionSet? owned)
    {
        if (epoch == member.MemberEpoch)
        {
            return Refusal.None;
        }

        if (epoch < member.MemberEpoch
            && epoch == member.Current.PreviousMemberEpoch
            && owned?.IsSubsetOf(member.Current.Assigned) == true)
        {
            return Refusal.None;
        }

        var relation = epoch > member.MemberEpoch ? "greater" : "smaller";
        return new Refusal(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a {relation} member epoch ({epoch}) than the one known by the group coordinator "
            + $"({member.MemberEpoch}). The member must abandon all its partitions and rejoin.");
    }

    public static Refusal UnknownMember(string groupId, string memberId) =>
        new(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {groupId}.");

    /// <summary>The member that is static under the instance id, if it is this one.</summary>
    public static Refusal CheckInstance(ConsumerGroup group, string memberId, string instanceId)
    {
        if (group.StaticMember(instanceId) is not { } known)
        {
            return new Refusal(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");
        }

        return known.MemberId == memberId
            ? Refusal.None
            : new Refusal(
                ErrorCode.FencedInstanceId,
                $"Static member {memberId} with instance id {instanceId} was fenced by member {known.MemberId}.");
    }

    private static ConsumerGroupHeartbeatReply Refused(Refusal refusal) =>
        new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };

    private static string NewMemberId(Guid uuid) =>
        Convert.ToBase64String(uuid.ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static Refusal AdmitDynamic(ConsumerDraft draft, string memberId, ConsumerGroupHeartbeatCommand beat) =>
        draft.Group.Member(memberId) switch
        {
            { } member => CheckEpoch(member, beat.MemberEpoch, beat.OwnedPartitions),
            null when beat.MemberEpoch == ConsumerGroupHeartbeatCommand.Join => Refusal.None,
            null => UnknownMember(draft.GroupId, memberId),
        };

    private static Refusal AdmitStatic(ConsumerDraft draft, string memberId, ConsumerGroupHeartbeatCommand beat)
    {
        var known = draft.Group.StaticMember(beat.InstanceId!);
        if (beat.MemberEpoch != ConsumerGroupHeartbeatCommand.Join)
        {
            var refusal = CheckInstance(draft.Group, memberId, beat.InstanceId!);
            return refusal.IsRefused ? refusal : CheckEpoch(known!, beat.MemberEpoch, beat.OwnedPartitions);
        }

        if (known is null)
        {
            // A dynamic member may not take a name later on: its id is someone else's.
            return draft.Group.Member(memberId) is { } other ? CheckEpoch(other, beat.MemberEpoch, beat.OwnedPartitions) : Refusal.None;
        }

        if (!known.IsClassic && known.MemberEpoch != ConsumerGroupHeartbeatCommand.LeaveForAWhile)
        {
            // Its own join once more, as the answer to the first was lost; anyone else has to wait for it to leave.
            return known.MemberId == memberId && !CheckEpoch(known, beat.MemberEpoch, beat.OwnedPartitions).IsRefused
                ? Refusal.None
                : new Refusal(
                    ErrorCode.UnreleasedInstanceId,
                    $"Static member {memberId} with instance id {beat.InstanceId} cannot join the group because the instance id is "
                    + $"owned by {known.MemberId} member.");
        }

        Replace(draft, known, memberId);
        return Refusal.None;
    }

    /// <summary>A static member is back, mostly under a new id: it takes the place, and what belongs to it, over.</summary>
    public static void Replace(ConsumerDraft draft, ConsumerMember old, string memberId)
    {
        if (old.MemberId != memberId)
        {
            var target = draft.Group.Target(old.MemberId);
            Fencing.Remove(draft, old.MemberId);
            draft.Keep(new ConsumerGroupMemberMetadataRecord(draft.GroupId, memberId, old.Metadata));
            draft.Keep(new ConsumerGroupTargetAssignmentMemberRecord(draft.GroupId, memberId, target));
        }

        draft.Keep(new ConsumerGroupCurrentMemberAssignmentRecord(
            draft.GroupId,
            memberId,
            new CurrentAssignment(0, 0, ConsumerMemberState.Stable, old.Current.Assigned, PartitionSet.Empty)));
        draft.Report($"static member {old.InstanceId} is back as {memberId}");
    }

    /// <summary>Takes in what the member says of itself.</summary>
    private static Refusal Subscribe(ConsumerDraft draft, string memberId, ConsumerGroupHeartbeatCommand beat, out bool hasChanged)
    {
        var known = draft.Group.Member(memberId);
        var old = known?.Metadata ?? new ConsumerMemberMetadata();
        var regex = beat.SubscribedTopicRegex switch
        {
            null => old.SubscribedTopicRegex,
            "" => null,
            var pattern => pattern,
        };
        hasChanged = false;
        if (regex is not null && regex != old.SubscribedTopicRegex && !SubscriptionRegex.TryCreate(regex, out _, out var why))
        {
            return new Refusal(
                ErrorCode.InvalidRegularExpression, $"SubscribedTopicRegex {regex} is not a valid regular expression: {why}");
        }

        var metadata = old with
        {
            InstanceId = beat.InstanceId ?? old.InstanceId,
            RackId = beat.RackId ?? old.RackId,
            ClientId = beat.ClientId,
            ClientHost = beat.ClientHost,
            RebalanceTimeout = beat.RebalanceTimeout ?? old.RebalanceTimeout,
            ServerAssignor = beat.ServerAssignor ?? old.ServerAssignor,
            SubscribedTopicNames = beat.SubscribedTopicNames is { } names ? Sorted(names) : old.SubscribedTopicNames,
            SubscribedTopicRegex = regex,
            Classic = null,
        };
        if (known is not null && metadata == old)
        {
            return Refusal.None;
        }

        draft.Keep(new ConsumerGroupMemberMetadataRecord(draft.GroupId, memberId, metadata));
        hasChanged = known is null
            || regex != old.SubscribedTopicRegex
            || !metadata.SubscribedTopicNames.AsSpan().SequenceEqual(old.SubscribedTopicNames.AsSpan());
        return Refusal.None;
    }

    public static ImmutableArray<string> Sorted(IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A member that says everything wants to hear everything.</summary>
    private static bool IsFull(ConsumerGroupHeartbeatCommand beat) =>
        beat.MemberEpoch == ConsumerGroupHeartbeatCommand.Join
        || (beat.RebalanceTimeout is not null
            && (beat.SubscribedTopicNames is not null || beat.SubscribedTopicRegex is not null)
            && beat.OwnedPartitions is not null);
}
