using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>SyncGroup: everyone waits for the leader's assignment, which begins the generation's stable life.</summary>
internal static class Syncing
{
    public static void Sync(ClassicDraft draft, SyncGroupCommand sync, RequestToken token)
    {
        var group = draft.Group;
        if (Validate(group, sync) is not ErrorCode.None and var error)
        {
            draft.Reply(token, sync.Refused(error));
            return;
        }

        var member = group.Member(sync.MemberId)!;
        draft.Heard(member);
        if (member.AwaitingSync is { } older)
        {
            draft.Reply(older, sync.Refused(ErrorCode.RebalanceInProgress));
        }

        switch (group.State)
        {
            case ClassicGroupState.CompletingRebalance:
                group.Put(member with { AwaitingSync = token, PendingSync = false });
                if (group.IsLeader(sync.MemberId))
                {
                    Assign(draft, sync.Assignments);
                }

                break;
            case ClassicGroupState.Stable:
                group.Put(member with { AwaitingSync = null, PendingSync = false });
                draft.Reply(token, Assigned(group, member));
                break;
            default:
                throw new InvalidOperationException($"Group {group.GroupId} is {group.State} and took a sync.");
        }

        if (!group.Members.Any(other => other.PendingSync))
        {
            draft.CancelSync();
        }
    }

    private static ErrorCode Validate(ClassicGroup group, SyncGroupCommand sync)
    {
        if (group.Validate(sync.MemberId, sync.GroupInstanceId) is not ErrorCode.None and var error)
        {
            return error;
        }

        if (sync.GenerationId != group.GenerationId)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (Contradicts(sync.ProtocolType, group.ProtocolType) || Contradicts(sync.ProtocolName, group.ProtocolName))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return group.State == ClassicGroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private static bool Contradicts(string? said, string? known) => said is not null && known is not null && said != known;

    private static void Assign(ClassicDraft draft, IReadOnlyList<MemberAssignment> assignments)
    {
        var group = draft.Group;
        var byMember = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var assignment in assignments)
        {
            byMember[assignment.MemberId] = assignment.Assignment;
        }

        foreach (var member in group.Members.ToArray())
        {
            // A member the leader forgot has nothing; an assignment to someone who is not here means nothing.
            var assigned = member with
            {
                Assignment = byMember.TryGetValue(member.MemberId, out var bytes) ? bytes : default,
                AwaitingSync = null,
            };
            group.Put(assigned);
            if (member.AwaitingSync is { } token)
            {
                draft.Reply(token, Assigned(group, assigned));
                draft.StartSession(assigned, assigned.SessionTimeout);
            }
        }

        group.MoveTo(ClassicGroupState.Stable, draft.NowMs);
        draft.Keep();
        draft.Report($"generation {group.GenerationId} is stable");
    }

    private static SyncGroupReply Assigned(ClassicGroup group, ClassicMember member) => new()
    {
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Assignment = member.Assignment,
    };
}
