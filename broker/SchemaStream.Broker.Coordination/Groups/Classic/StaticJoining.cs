using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>A static member that restarts comes without its member id and takes its own place again (KIP-345).</summary>
internal static class StaticJoining
{
    public static void Replace(
        ClassicDraft draft, JoinGroupCommand join, RequestToken token, ClassicMember old, string memberId)
    {
        var group = draft.Group;
        var formerLeader = group.LeaderId;

        // Whoever still runs under the old id learns at once that it was replaced.
        draft.AnswerWaiting(old, ErrorCode.FencedInstanceId);
        draft.EndSession(old.MemberId);
        var replacement = old with
        {
            MemberId = memberId,
            AwaitingJoin = null,
            AwaitingSync = null,
            IsNew = false,
            Session = new SessionDeadline(),
        };
        group.Replace(old, replacement);

        var staysInGeneration = group.State == ClassicGroupState.Stable;
        replacement = Joining.Update(draft, replacement, join, staysInGeneration ? null : token);
        draft.StartSession(replacement, replacement.SessionTimeout);

        if (staysInGeneration && group.SelectProtocol() == group.ProtocolName)
        {
            // Nothing changes for the others: no rebalance for a restart is what static membership is for.
            draft.Keep();
            draft.Reply(token, Rejoined(group, join, memberId, formerLeader));
            return;
        }

        group.Put(replacement with { AwaitingJoin = token });
        Rebalancing.PrepareOrComplete(draft, $"static member {join.GroupInstanceId} was replaced");
    }

    private static JoinGroupReply Rejoined(ClassicGroup group, JoinGroupCommand join, string memberId, string? formerLeader)
    {
        var reply = Rebalancing.CurrentGeneration(group, memberId);

        // A client that knows of skipping is told that it leads and must not assign (KIP-814). Any other must not learn
        // that it leads, or it would assign in the middle of a generation: it is told the leader's former id.
        return join.SupportSkippingAssignment
            ? reply with { SkipAssignment = group.IsLeader(memberId) }
            : reply with { LeaderId = formerLeader ?? "", Members = [] };
    }
}
