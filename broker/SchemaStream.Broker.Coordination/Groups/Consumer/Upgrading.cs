using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>A classic group becomes a consumer group with the first member of the new protocol that joins it.</summary>
internal static class Upgrading
{
    /// <summary>The group in the new form, with everything that it needs in the draft; or why it stays as it is.</summary>
    public static Refusal Convert(ConsumerDraft draft, ClassicGroup classic)
    {
        if (classic.MemberCount > 0)
        {
            var refusal = Check(draft, classic);
            if (refusal.IsRefused)
            {
                return refusal;
            }
        }

        var members = new List<Converted>();
        foreach (var member in classic.Members)
        {
            var metadata = classic.ProtocolName is { } chosen && member.Offers(chosen)
                ? member.Metadata(chosen)
                : member.Protocols[0].Metadata;
            if (EmbeddedProtocol.ReadSubscription(metadata) is not { } subscription
                || EmbeddedProtocol.ReadAssignment(member.Assignment, draft.Topics) is not { } assignment)
            {
                return new Refusal(
                    ErrorCode.GroupIdNotFound,
                    $"Cannot upgrade the classic group {draft.GroupId} to consumer group because the embedded consumer protocol is "
                    + "malformed.");
            }

            members.Add(new Converted(member, subscription, assignment));
        }

        End(draft, classic);
        Begin(draft, classic.GenerationId, members);
        return Refusal.None;
    }

    private static Refusal Check(ConsumerDraft draft, ClassicGroup classic)
    {
        var why = !draft.Options.ConsumerMigrationPolicy.HasFlag(ConsumerGroupMigrationPolicy.Upgrade) ? "the online upgrade is disabled"
            : !classic.IsConsumerGroup ? "its members are not consumers"
            : classic.MemberCount > draft.Options.ConsumerMaxSize ? "it has too many members"
            : null;
        return why is null
            ? Refusal.None
            : new Refusal(ErrorCode.GroupIdNotFound, $"Group {draft.GroupId} is not a consumer group, and cannot become one: {why}.");
    }

    /// <summary>Whoever waits hears of a rebalance, and finds a consumer group when it comes back.</summary>
    private static void End(ConsumerDraft draft, ClassicGroup classic)
    {
        var ending = new ClassicDraft(classic.Copy(), draft.Options, draft.NowMs);
        foreach (var member in ending.Group.Members)
        {
            ending.AnswerWaiting(member, ErrorCode.RebalanceInProgress);
        }

        foreach (var pending in ending.Group.PendingMembers.Keys)
        {
            ending.EndSession(pending);
        }

        ending.CancelJoin();
        ending.CancelSync();
        draft.Effects.AddRange(ending.Effects);
        draft.Records.Add(new GroupMetadataRecord(draft.GroupId, null));
        draft.EndsClassicGroup = true;
        draft.Report($"is a consumer group after generation {classic.GenerationId}");
    }

    /// <summary>Everyone has what it had, and is to have it.</summary>
    private static void Begin(ConsumerDraft draft, int generationId, List<Converted> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        foreach (var (member, subscription, _) in members)
        {
            draft.Keep(new ConsumerGroupMemberMetadataRecord(draft.GroupId, member.MemberId, new ConsumerMemberMetadata
            {
                InstanceId = member.GroupInstanceId,
                RackId = subscription.RackId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeout,
                SubscribedTopicNames = Heartbeating.Sorted(subscription.Topics),
                Classic = new ClassicMemberMetadata(member.SessionTimeout, member.Protocols),
            }));
        }

        draft.Keep(new ConsumerGroupMetadataRecord(draft.GroupId, new ConsumerGroupMetadata(generationId, 0, draft.NowMs)));
        foreach (var (member, _, assignment) in members)
        {
            draft.Keep(new ConsumerGroupTargetAssignmentMemberRecord(draft.GroupId, member.MemberId, assignment));
        }

        draft.Keep(new ConsumerGroupTargetAssignmentMetadataRecord(draft.GroupId, generationId));
        foreach (var (member, _, assignment) in members)
        {
            draft.Keep(new ConsumerGroupCurrentMemberAssignmentRecord(draft.GroupId, member.MemberId, new CurrentAssignment(
                generationId, generationId, ConsumerMemberState.Stable, assignment, PartitionSet.Empty)));
            draft.Heard(draft.Group.Member(member.MemberId)!);
        }
    }

    private readonly record struct Converted(ClassicMember Member, ConsumerProtocolSubscription Subscription, PartitionSet Assignment);
}
