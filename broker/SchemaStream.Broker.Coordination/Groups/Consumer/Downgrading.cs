using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>A consumer group whose last member of the new protocol goes becomes a classic group again.</summary>
internal static class Downgrading
{
    /// <summary>
    /// Whether the group is to become a classic one, of <paramref name="remaining"/> members, once the member is gone or
    /// replaced.
    /// </summary>
    public static bool IsDue(ConsumerDraft draft, string goingMemberId, int remaining)
    {
        var group = draft.Group;
        if (!draft.Options.ConsumerMigrationPolicy.HasFlag(ConsumerGroupMigrationPolicy.Downgrade)
            || remaining < 1
            || remaining > draft.Options.MaxSize
            || group.Member(goingMemberId) is not { IsClassic: false })
        {
            return false;
        }

        var others = group.Members.Values.Where(member => member.MemberId != goingMemberId).ToArray();
        return Array.TrueForAll(others, member => member.IsClassic)
            && (others.Length == 0 || others[0].Metadata.Classic!.SupportedProtocols.Any(protocol => Array.TrueForAll(
                others, other => other.Metadata.Classic!.SupportedProtocols.Any(offered => offered.Name == protocol.Name))));
    }

    /// <summary>The member goes, and the others rebalance as classic groups do.</summary>
    public static void Leave(ConsumerDraft draft, string goingMemberId)
    {
        var classic = Begin(draft, goingMemberId);
        Rebalancing.PrepareOrComplete(classic, "the last member of the new protocol left");
        End(draft, classic);
    }

    /// <summary>The member has been replaced by one that joins the classic way: the group is stable, with what everyone has.</summary>
    public static JoinGroupReply Join(ConsumerDraft draft, JoinGroupCommand join, string memberId)
    {
        var classic = Begin(draft, goingMemberId: null);
        End(draft, classic);
        var reply = Rebalancing.CurrentGeneration(classic.Group, memberId);

        // As for any static member that comes back to a stable group: it must not assign.
        return join.SupportSkippingAssignment
            ? reply with { SkipAssignment = classic.Group.IsLeader(memberId) }
            : reply with { Members = [], LeaderId = classic.Group.IsLeader(memberId) ? "" : reply.LeaderId };
    }

    private static ClassicDraft Begin(ConsumerDraft draft, string? goingMemberId)
    {
        var old = draft.Group;
        var members = old.Members.Values
            .Where(member => member.MemberId != goingMemberId)
            .Select(member => new ClassicMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.InstanceId,
                ClientId = member.Metadata.ClientId,
                ClientHost = member.Metadata.ClientHost,
                SessionTimeout = member.Metadata.Classic!.SessionTimeout,
                RebalanceTimeout = member.Metadata.RebalanceTimeout,
                Protocols = member.Metadata.Classic.SupportedProtocols,
                Session = new SessionDeadline(),
            });
        Fencing.RemoveGroup(draft);
        var group = ClassicGroup.Restore(old.GroupId, EmbeddedProtocol.ProtocolType, old.GroupEpoch, members, draft.NowMs);
        foreach (var member in group.Members.ToArray())
        {
            var target = old.Target(member.MemberId);
            group.Put(member with
            {
                Assignment = EmbeddedProtocol.WriteAssignment(target, member.Metadata(group.ProtocolName), draft.Topics),
            });
        }

        var classic = new ClassicDraft(group, draft.Options, draft.NowMs);
        classic.Keep();
        foreach (var member in group.Members)
        {
            classic.StartSession(member, member.SessionTimeout);
        }

        classic.Report($"is a classic group from generation {group.GenerationId} on");
        return classic;
    }

    private static void End(ConsumerDraft draft, ClassicDraft classic)
    {
        draft.Records.AddRange(classic.Records);
        draft.Effects.AddRange(classic.Effects);
        draft.ClassicGroup = classic.Group;
    }
}
