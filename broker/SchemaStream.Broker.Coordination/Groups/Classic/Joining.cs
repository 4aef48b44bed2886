using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>JoinGroup: who may come in, and what a join means for the group. Static members are <see cref="StaticJoining"/>'s.</summary>
internal static class Joining
{
    /// <summary>Characters of a client id that become part of a member id, which must fit into a record.</summary>
    private const int LongestMemberIdPrefix = 249;

    public static void Join(ClassicDraft draft, JoinGroupCommand join, RequestToken token)
    {
        var group = draft.Group;
        if (!HasRoom(draft, join))
        {
            draft.Reply(token, new JoinGroupReply { ErrorCode = ErrorCode.GroupMaxSizeReached, MemberId = "" });
        }
        else if (!group.Supports(join.ProtocolType, join.Protocols))
        {
            draft.Reply(token, join.Refused(ErrorCode.InconsistentGroupProtocol));
        }
        else if (join.MemberId.Length == 0)
        {
            JoinNew(draft, join, token);
        }
        else if (group.PendingMembers.ContainsKey(join.MemberId))
        {
            JoinPending(draft, join, token);
        }
        else
        {
            JoinAgain(draft, join, token);
        }
    }

    private static bool HasRoom(ClassicDraft draft, JoinGroupCommand join)
    {
        var group = draft.Group;
        if (join.MemberId.Length == 0 && group.PendingMembers.Count >= draft.Options.MaxPendingMembers)
        {
            return false;
        }

        // A static member has its place, whether it still knows its member id or not.
        var known = group.Member(join.MemberId)
            ?? (join.GroupInstanceId is null ? null : group.StaticMember(join.GroupInstanceId));
        return group.State switch
        {
            ClassicGroupState.Empty => true,

            // Who joins first has the place: members that have not rejoined yet may lose theirs to new ones.
            ClassicGroupState.PreparingRebalance => known?.AwaitingJoin is not null || group.AwaitingJoinCount < draft.Options.MaxSize,
            _ => known is not null || group.MemberCount < draft.Options.MaxSize,
        };
    }

    private static void JoinNew(ClassicDraft draft, JoinGroupCommand join, RequestToken token)
    {
        var memberId = NewMemberId(join);
        if (join.GroupInstanceId is not null && draft.Group.StaticMember(join.GroupInstanceId) is { } replaced)
        {
            StaticJoining.Replace(draft, join, token, replaced, memberId);
        }
        else if (join.GroupInstanceId is null && join.RequireKnownMemberId)
        {
            // A client that never comes back then costs an id, not a place in the group (KIP-394).
            var deadline = draft.After(join.SessionTimeout);
            draft.Group.PendingMembers[memberId] = deadline;
            draft.Schedule(GroupTimerKey.Session(join.GroupId, memberId), deadline);
            draft.Reply(token, new JoinGroupReply { ErrorCode = ErrorCode.MemberIdRequired, MemberId = memberId });
        }
        else
        {
            Add(draft, join, token, memberId);
        }
    }

    private static void JoinPending(ClassicDraft draft, JoinGroupCommand join, RequestToken token)
    {
        if (join.GroupInstanceId is not null)
        {
            // Static members get their place at once and are never pending: this id is another member's.
            draft.Reply(token, join.Refused(ErrorCode.UnknownMemberId));
            return;
        }

        Add(draft, join, token, join.MemberId);
    }

    private static void JoinAgain(ClassicDraft draft, JoinGroupCommand join, RequestToken token)
    {
        var group = draft.Group;
        if (group.Validate(join.MemberId, join.GroupInstanceId) is not ErrorCode.None and var error)
        {
            draft.Reply(token, join.Refused(error));
            return;
        }

        var member = group.Member(join.MemberId)!;
        var isUnchanged = member.HasSameProtocols(join.Protocols);
        var rebalances = group.State switch
        {
            ClassicGroupState.PreparingRebalance => true,

            // The reply to its join may have been lost: it gets the same one again.
            ClassicGroupState.CompletingRebalance => !isUnchanged,

            // A leader that rejoins asks for a rebalance: it may know of new partitions.
            ClassicGroupState.Stable => group.IsLeader(join.MemberId) || !isUnchanged,
            _ => throw new InvalidOperationException($"Group {group.GroupId} is empty and has member {join.MemberId}."),
        };
        if (rebalances)
        {
            var updated = Update(draft, member, join, token);
            Rebalancing.PrepareOrComplete(draft, $"member {updated.MemberId} rejoined{Because(join)}");
        }
        else
        {
            draft.Heard(member);
            draft.Reply(token, Rebalancing.CurrentGeneration(group, join.MemberId));
        }
    }

    private static void Add(ClassicDraft draft, JoinGroupCommand join, RequestToken token, string memberId)
    {
        var group = draft.Group;
        var member = new ClassicMember
        {
            MemberId = memberId,
            GroupInstanceId = join.GroupInstanceId,
            ClientId = join.ClientId,
            ClientHost = join.ClientHost,
            SessionTimeout = join.SessionTimeout,
            RebalanceTimeout = join.RebalanceTimeout,
            Protocols = [.. join.Protocols],
            AwaitingJoin = token,
            IsNew = true,
            Session = new SessionDeadline(),
        };
        group.MemberJoinedInInitialDelay |= group.InitialDelayLeft is not null;
        group.Add(member, join.ProtocolType);
        draft.StartSession(member, draft.Options.NewMemberJoinTimeout);
        Rebalancing.PrepareOrComplete(draft, $"member {memberId} joined{Because(join)}");
    }

    /// <summary>The member waits with the metadata it brings now. An older join of its is answered: it was given up.</summary>
    public static ClassicMember Update(ClassicDraft draft, ClassicMember member, JoinGroupCommand join, RequestToken? token)
    {
        if (member.AwaitingJoin is { } older)
        {
            draft.Reply(older, new JoinGroupReply { ErrorCode = ErrorCode.RebalanceInProgress, MemberId = member.MemberId });
        }

        var updated = member with
        {
            ClientId = join.ClientId,
            ClientHost = join.ClientHost,
            SessionTimeout = join.SessionTimeout,
            RebalanceTimeout = join.RebalanceTimeout,
            Protocols = [.. join.Protocols],
            AwaitingJoin = token,
        };
        draft.Group.Put(updated);
        return updated;
    }

    /// <summary>The id of a member that has none yet: what it calls itself, and what makes it unique.</summary>
    public static string NewMemberId(JoinGroupCommand join) => $"{MemberIdPrefix(join.GroupInstanceId ?? join.ClientId)}-{join.MemberUuid}";

    private static string MemberIdPrefix(string text)
    {
        if (text.Length <= LongestMemberIdPrefix)
        {
            return text;
        }

        // Half of a pair would come back from the client as another character, and so as an unknown member.
        var end = char.IsHighSurrogate(text[LongestMemberIdPrefix - 1]) ? LongestMemberIdPrefix - 1 : LongestMemberIdPrefix;
        return text[..end];
    }

    private static string Because(JoinGroupCommand join) =>
        string.IsNullOrEmpty(join.Reason) ? "" : $" ({ClientReason.Of(join.Reason)})";
}
