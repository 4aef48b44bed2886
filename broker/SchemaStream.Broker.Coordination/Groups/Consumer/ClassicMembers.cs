using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// Members of a consumer group that speak the classic protocol, while a group moves from one to the other: for each of
/// them alone, a join is a heartbeat that says everything, a sync fetches what it is assigned, and a heartbeat tells it to
/// join again whenever there is a next step to make. Its generation is its member epoch.
/// </summary>
internal static class ClassicMembers
{
    public static JoinGroupReply Join(ConsumerDraft draft, JoinGroupCommand join)
    {
        var group = draft.Group;
        var isUnknown = join.MemberId.Length == 0;
        var known = join.GroupInstanceId is { } instance ? group.StaticMember(instance) : group.Member(join.MemberId);
        if (known is null && group.Members.Count >= draft.Options.ConsumerMaxSize)
        {
            return new JoinGroupReply { ErrorCode = ErrorCode.GroupMaxSizeReached };
        }

        if (!Supports(group, join, known?.MemberId)
            || EmbeddedProtocol.ReadSubscription(join.Protocols[0].Metadata) is not { } subscription)
        {
            return join.Refused(ErrorCode.InconsistentGroupProtocol);
        }

        var memberId = isUnknown ? Joining.NewMemberId(join) : join.MemberId;
        if (isUnknown && join.GroupInstanceId is null && join.RequireKnownMemberId)
        {
            return new JoinGroupReply { ErrorCode = ErrorCode.MemberIdRequired, MemberId = memberId };
        }

        if (join.GroupInstanceId is { } instanceId)
        {
            if (!isUnknown && Heartbeating.CheckInstance(group, memberId, instanceId) is { IsRefused: true } refusal)
            {
                return join.Refused(refusal.Error);
            }

            if (isUnknown && known is not null)
            {
                return Rejoin(draft, join, subscription, known, memberId);
            }
        }

        return Join(draft, join, subscription, memberId);
    }

    public static SyncGroupReply Sync(ConsumerDraft draft, SyncGroupCommand sync)
    {
        var error = Validate(draft.Group, sync.MemberId, sync.GroupInstanceId, sync.GenerationId, out var member);
        if (error != ErrorCode.None)
        {
            return sync.Refused(error);
        }

        var protocol = member!.Metadata.Classic!.SupportedProtocols[0];
        if (sync.ProtocolType is not (null or EmbeddedProtocol.ProtocolType) || (sync.ProtocolName is { } name && name != protocol.Name))
        {
            return sync.Refused(ErrorCode.InconsistentGroupProtocol);
        }

        // A member that has partitions to give up has joined already, and first has to hear which ones it keeps.
        if (draft.Group.GroupEpoch > member.MemberEpoch && member.State != ConsumerMemberState.UnrevokedPartitions)
        {
            ExpectRejoin(draft, member);
            return sync.Refused(ErrorCode.RebalanceInProgress);
        }

        draft.GotOn(member.MemberId);
        draft.Heard(member);
        return new SyncGroupReply
        {
            ProtocolType = EmbeddedProtocol.ProtocolType,
            ProtocolName = protocol.Name,
            Assignment = EmbeddedProtocol.WriteAssignment(member.Current.Assigned, protocol.Metadata, draft.Topics),
        };
    }

    public static HeartbeatReply Heartbeat(ConsumerDraft draft, HeartbeatCommand heartbeat)
    {
        var error = Validate(draft.Group, heartbeat.MemberId, heartbeat.GroupInstanceId, heartbeat.GenerationId, out var member);
        if (error != ErrorCode.None)
        {
            return heartbeat.Refused(error);
        }

        draft.Heard(member!);
        Subscriptions.Refresh(draft, hasChanged: false);
        if (!HasNextStep(draft.Group, member!))
        {
            return HeartbeatReply.Ok;
        }

        ExpectRejoin(draft, member!);
        return heartbeat.Refused(ErrorCode.RebalanceInProgress);
    }

    public static LeaveGroupReply Leave(ConsumerDraft draft, LeaveGroupCommand leave)
    {
        var results = new List<LeftMember>(leave.Members.Count);
        var count = draft.Group.Members.Count;
        foreach (var leaving in leave.Members)
        {
            var error = FindLeaving(draft.Group, leaving, out var memberId);
            if (error == ErrorCode.None)
            {
                Fencing.Remove(draft, memberId);
                var why = string.IsNullOrEmpty(leaving.Reason) ? "" : ": " + ClientReason.Of(leaving.Reason);
                draft.Report($"member {memberId} left{why}");
            }

            results.Add(new LeftMember(error == ErrorCode.None ? memberId : leaving.MemberId, leaving.GroupInstanceId, error));
        }

        if (draft.Group.Members.Count < count)
        {
            Subscriptions.BumpEpoch(draft);
        }

        return new LeaveGroupReply(ErrorCode.None, results);
    }

    /// <summary>Whether a join would change anything for the member.</summary>
    private static bool HasNextStep(ConsumerGroup group, ConsumerMember member) =>
        member.MemberEpoch < group.GroupEpoch
        || member.State == ConsumerMemberState.UnrevokedPartitions
        || (member.State == ConsumerMemberState.UnreleasedPartitions
            && group.Target(member.MemberId).Except(member.Current.Assigned).Any(partition => group.Owner(partition) is null));

    /// <summary>Once is enough: to be told again does not give it more time.</summary>
    private static void ExpectRejoin(ConsumerDraft draft, ConsumerMember member)
    {
        if (draft.Memory.Of(member.MemberId)?.Progress is null)
        {
            draft.Expect(member, MemberProgressKind.Rejoin);
        }
    }

    private static ErrorCode Validate(
        ConsumerGroup group, string memberId, string? instanceId, int generationId, out ConsumerMember? member)
    {
        member = null;
        if (instanceId is not null && Heartbeating.CheckInstance(group, memberId, instanceId) is { IsRefused: true } refusal)
        {
            return refusal.Error;
        }

        member = group.Member(memberId);
        if (member is not { IsClassic: true })
        {
            return ErrorCode.UnknownMemberId;
        }

        return member.MemberEpoch == generationId ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private static ErrorCode FindLeaving(ConsumerGroup group, LeavingMember leaving, out string memberId)
    {
        memberId = leaving.MemberId;
        if (leaving.GroupInstanceId is { } instance)
        {
            // An administrator names static members by instance id alone.
            memberId = memberId.Length == 0 ? group.StaticMember(instance)?.MemberId ?? "" : memberId;
            if (Heartbeating.CheckInstance(group, memberId, instance) is { IsRefused: true } refusal)
            {
                return refusal.Error;
            }
        }

        return group.Member(memberId) is { IsClassic: true } ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>One of the protocols is offered by all other classic members.</summary>
    private static bool Supports(ConsumerGroup group, JoinGroupCommand join, string? memberId)
    {
        var others = group.Members.Values.Where(member => member.IsClassic && member.MemberId != memberId).ToArray();
        return join.ProtocolType == EmbeddedProtocol.ProtocolType
            && join.Protocols.Any(protocol => Array.TrueForAll(
                others, other => other.Metadata.Classic!.SupportedProtocols.Any(offered => offered.Name == protocol.Name)));
    }

    /// <summary>A static member is back. If it was the last that spoke the new protocol, the group is a classic one from here on.</summary>
    private static JoinGroupReply Rejoin(
        ConsumerDraft draft, JoinGroupCommand join, ConsumerProtocolSubscription subscription, ConsumerMember known, string memberId)
    {
        var downgrades = Downgrading.IsDue(draft, known.MemberId, remaining: draft.Group.Members.Count);
        Heartbeating.Replace(draft, known, memberId);
        var reply = Join(draft, join, subscription, memberId);
        return downgrades ? Downgrading.Join(draft, join, memberId) : reply;
    }

    private static JoinGroupReply Join(
        ConsumerDraft draft, JoinGroupCommand join, ConsumerProtocolSubscription subscription, string memberId)
    {
        var old = draft.Group.Member(memberId);
        var metadata = (old?.Metadata ?? new ConsumerMemberMetadata()) with
        {
            InstanceId = join.GroupInstanceId ?? old?.InstanceId,
            RackId = subscription.RackId ?? old?.Metadata.RackId,
            ClientId = join.ClientId,
            ClientHost = join.ClientHost,
            RebalanceTimeout = join.RebalanceTimeout,
            SubscribedTopicNames = Heartbeating.Sorted(subscription.Topics),
            SubscribedTopicRegex = null,
            Classic = new ClassicMemberMetadata(join.SessionTimeout, [.. join.Protocols]),
        };
        if (old?.Metadata != metadata)
        {
            draft.Keep(new ConsumerGroupMemberMetadataRecord(draft.GroupId, memberId, metadata));
        }

        var hasChanged = old is null
            || old.Metadata.SubscribedTopicRegex is not null
            || !old.Metadata.SubscribedTopicNames.AsSpan().SequenceEqual(metadata.SubscribedTopicNames.AsSpan());
        Subscriptions.Refresh(draft, hasChanged);
        TargetAssigning.Update(draft);
        var owned = EmbeddedProtocol.Resolve(
            subscription.OwnedPartitions.Select(topic => (topic.Topic, topic.Partitions)), draft.Topics);
        Reconciliation.Reconcile(draft, memberId, owned);

        var member = draft.Group.Member(memberId)!;
        draft.Heard(member);
        draft.Expect(member, MemberProgressKind.Sync);
        return new JoinGroupReply
        {
            MemberId = memberId,
            GenerationId = member.MemberEpoch,
            ProtocolType = EmbeddedProtocol.ProtocolType,
            ProtocolName = join.Protocols[0].Name,
        };
    }
}
