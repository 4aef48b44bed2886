using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination;

public sealed partial class GroupShard
{
    private HeartbeatReply Heartbeat(HeartbeatCommand heartbeat, long nowMs)
    {
        if (!_sessions.TryGetValue(heartbeat.GroupId, out var group))
        {
            return heartbeat.Refused(ErrorCode.UnknownMemberId);
        }

        if (group.Validate(heartbeat.MemberId, heartbeat.GroupInstanceId) is not ErrorCode.None and var error)
        {
            return heartbeat.Refused(error);
        }

        if (heartbeat.GenerationId != group.GenerationId)
        {
            return heartbeat.Refused(ErrorCode.IllegalGeneration);
        }

        var member = group.Member(heartbeat.MemberId)!;
        member.Session.DeadlineMs = nowMs + (long)member.SessionTimeout.TotalMilliseconds;
        return group.State == ClassicGroupState.PreparingRebalance
            ? heartbeat.Refused(ErrorCode.RebalanceInProgress)
            : HeartbeatReply.Ok;
    }

    private GroupDecision Join(JoinGroupCommand join, RequestToken token, long nowMs)
    {
        if (JoinLimits.Check(join, options) is not ErrorCode.None and var error)
        {
            return Answer(token, join.Refused(error));
        }

        if (!_sessions.TryGetValue(join.GroupId, out var group) && join.MemberId.Length > 0)
        {
            return Answer(token, join.Refused(ErrorCode.UnknownMemberId));
        }

        var draft = new ClassicDraft(group?.Copy() ?? new ClassicGroup(join.GroupId), options, nowMs);
        Joining.Join(draft, join, token);
        return Decision(draft);
    }

    private GroupDecision Known(GroupCommand command, string groupId, RequestToken token, long nowMs, Action<ClassicDraft> decide)
    {
        if (!_sessions.TryGetValue(groupId, out var group))
        {
            return Answer(token, command.Refused(ErrorCode.UnknownMemberId));
        }

        var draft = new ClassicDraft(group.Copy(), options, nowMs);
        decide(draft);
        return Decision(draft);
    }
}
