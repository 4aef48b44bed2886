using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
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

        var consumers = _state.ConsumerGroups.GetValueOrDefault(join.GroupId);
        if (consumers is { Members.IsEmpty: false })
        {
            return AnswerClassicMember(join, consumers, token, nowMs);
        }

        if (!_sessions.TryGetValue(join.GroupId, out var group) && join.MemberId.Length > 0)
        {
            return Answer(token, join.Refused(ErrorCode.UnknownMemberId));
        }

        var draft = new ClassicDraft(group?.Copy() ?? new ClassicGroup(join.GroupId), options, nowMs);
        Joining.Join(draft, join, token);
        var decision = Decision(draft);
        return consumers is null || decision.Sessions[0].Value is null ? decision : InPlaceOf(consumers, decision, nowMs);
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

    private GroupDecision Beat(ConsumerGroupHeartbeatCommand beat, RequestToken token, long nowMs)
    {
        var refusal = HeartbeatChecks.Check(beat, options);
        var joins = beat.MemberEpoch == ConsumerGroupHeartbeatCommand.Join;
        var known = _state.ConsumerGroups.GetValueOrDefault(beat.GroupId);
        var draft = Draft(known ?? new ConsumerGroup(beat.GroupId), nowMs);
        if (!refusal.IsRefused && known is null)
        {
            var classic = _sessions.GetValueOrDefault(beat.GroupId);
            refusal = !joins ? new Refusal(ErrorCode.GroupIdNotFound, $"Group {beat.GroupId} not found.")
                : classic is null ? Refusal.None
                : Upgrading.Convert(draft, classic);
        }

        if (refusal.IsRefused)
        {
            return Answer(token, new ConsumerGroupHeartbeatReply { ErrorCode = refusal.Error, ErrorMessage = refusal.Message });
        }

        var reply = beat.MemberEpoch < ConsumerGroupHeartbeatCommand.Join
            ? Fencing.Leave(draft, beat)
            : Heartbeating.Beat(draft, beat);
        return reply.ErrorCode == ErrorCode.None ? Decision(draft, token, reply) : Answer(token, reply);
    }

    /// <summary>The consumer group with members that the classic request is to.</summary>
    private ConsumerGroup? ConsumersAsked(GroupCommand command) => _state.ConsumerGroups.GetValueOrDefault(command switch
    {
        HeartbeatCommand heartbeat => heartbeat.GroupId,
        SyncGroupCommand sync => sync.GroupId,
        LeaveGroupCommand leave => leave.GroupId,
        _ => "",
    });

    /// <summary>A request of the classic protocol to a consumer group.</summary>
    private GroupDecision AnswerClassicMember(GroupCommand command, ConsumerGroup group, RequestToken token, long nowMs)
    {
        var draft = Draft(group, nowMs);
        GroupReply reply = command switch
        {
            JoinGroupCommand join => ClassicMembers.Join(draft, join),
            SyncGroupCommand sync => ClassicMembers.Sync(draft, sync),
            HeartbeatCommand heartbeat => ClassicMembers.Heartbeat(draft, heartbeat),
            LeaveGroupCommand leave => ClassicMembers.Leave(draft, leave),
            _ => throw new ArgumentException($"{command.GetType().Name} is not a member's request.", nameof(command)),
        };
        return Decision(draft, token, reply);
    }

    private GroupDecision ExpireMember(ConsumerGroup group, GroupTimerKey key, long nowMs)
    {
        var draft = Draft(group, nowMs);
        switch (key.Kind)
        {
            case GroupTimerKind.Session:
                Fencing.SessionDeadline(draft, key.MemberId);
                break;
            case GroupTimerKind.Progress:
                Fencing.ProgressDeadline(draft, key.MemberId);
                break;
            default:
                break;
        }

        return Decision(draft);
    }

    /// <summary>After the log has been read: each member has a full session before it, and the time to give up what it must.</summary>
    private List<GroupEffect> TakeUp(ConsumerGroup group, long nowMs)
    {
        var draft = Draft(group, nowMs);
        foreach (var member in group.Members.Values)
        {
            draft.Heard(member);
            if (member is { IsClassic: false, State: ConsumerMemberState.UnrevokedPartitions })
            {
                draft.Expect(member, MemberProgressKind.Revoke);
            }
        }

        Decision(draft).Accepted!();
        return draft.Effects;
    }

    private DescribeConsumerGroupReply DescribeConsumers(DescribeConsumerGroupCommand describe) =>
        _state.ConsumerGroups.TryGetValue(describe.GroupId, out var group)
            ? ConsumerInspecting.Describe(group, options)
            : new DescribeConsumerGroupReply
            {
                GroupId = describe.GroupId,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = Find(describe.GroupId) is null
                    ? $"Group {describe.GroupId} not found."
                    : $"Group {describe.GroupId} is not a consumer group.",
            };

    /// <summary>A classic group begins where an empty consumer group was.</summary>
    private GroupDecision InPlaceOf(ConsumerGroup empty, GroupDecision decision, long nowMs)
    {
        var draft = Draft(empty, nowMs);
        Fencing.RemoveGroup(draft);
        return Decision(
            [.. draft.Records, .. decision.Records],
            [.. draft.Effects, .. decision.Effects],
            decision.Sessions,
            () => _memories.Remove(empty.GroupId));
    }

    private ConsumerDraft Draft(ConsumerGroup group, long nowMs) =>
        new(group, _memories.GetValueOrDefault(group.GroupId) ?? new ConsumerMemory(), Topics, OptionsOf(group.GroupId), nowMs);

    private GroupShardOptions OptionsOf(string groupId)
    {
        var config = ConfigOf(groupId);
        return config == default ? options : options with
        {
            ConsumerSessionTimeout = config.SessionTimeout ?? options.ConsumerSessionTimeout,
            ConsumerHeartbeatInterval = config.HeartbeatInterval ?? options.ConsumerHeartbeatInterval,
        };
    }

    private GroupDecision Decision(ConsumerDraft draft, RequestToken token, GroupReply reply)
    {
        draft.Effects.Add(new SendReply(token, reply));
        return Decision(draft);
    }

    private GroupDecision Decision(ConsumerDraft draft) => Decision(
        draft.Records,
        draft.Effects,
        draft.ClassicGroup is { } classic ? [new(draft.GroupId, classic)]
        : draft.EndsClassicGroup ? [new KeyValuePair<string, ClassicGroup?>(draft.GroupId, null)]
        : [],
        () =>
        {
            draft.Accept();
            if (draft.Group.IsGone)
            {
                _memories.Remove(draft.GroupId);
            }
            else
            {
                _memories[draft.GroupId] = draft.Memory;
            }
        });
}
