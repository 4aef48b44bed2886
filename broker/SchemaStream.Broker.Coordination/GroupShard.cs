using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination;

/// <summary>
/// The groups of one <c>__consumer_offsets</c> partition, and their offsets.
/// <para>
/// The driver's loop: <see cref="Decide"/> (or <see cref="Expire"/>), which changes nothing; append the decision's
/// records, all or none; <see cref="Accept"/>; set the timers; send the replies once everything appended so far is
/// committed, also those of reads, which then never show what may still be undone. One decision at a time: the next is
/// made after the last was accepted or dropped.
/// </para>
/// <para>
/// If the append fails the decision is dropped, as though it had never been made: the command's own request is answered
/// with <see cref="AppendFailure.Answer"/>, requests that wait go on waiting, and a timer's key is tried again later.
/// When the partition is led elsewhere, <see cref="Unload"/> answers all that waits and the shard is thrown away; its
/// successor is built from the log with <see cref="Replay"/> and <see cref="CompleteLoading"/>.
/// </para>
/// <para>
/// The time given in must never go back, as deadlines hang on it, and be near the wall clock, as it is kept with offsets.
/// </para>
/// </summary>
public sealed partial class GroupShard(GroupShardOptions options)
{
    private readonly GroupShardState _state = new();
    private readonly Dictionary<string, ClassicGroup> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsumerMemory> _memories = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>
    /// The topics there are, which consumer groups' subscriptions are resolved against. The driver sets it anew when they
    /// change; a group sees it with its members' next heartbeats.
    /// </summary>
    public IGroupTopics Topics { get; set; } = NoTopics.Instance;

    /// <summary>What is set for single groups now. The driver sets it once, before anything is asked.</summary>
    public Func<string, ConsumerGroupConfig> ConfigOf { get; init; } = _ => default;

    /// <summary>What the records add up to; for tests and snapshots.</summary>
    internal GroupShardState State => _state;

    /// <summary>Takes a record of the log in; only before <see cref="CompleteLoading"/>. Later ones come by <see cref="Accept"/>.</summary>
    public void Replay(GroupRecord record) => _state.Replay(record);

    /// <summary>
    /// A producer's transaction has ended, by a marker in the log: while the log is read, and of those that are appended
    /// later, between one decision's end and the next one's begin.
    /// </summary>
    public void EndTransaction(long producerId, bool commit)
    {
        _version++;
        _state.EndTransaction(producerId, commit);
    }

    /// <summary>All records of the log are in: the groups live on, each member with a full session before it.</summary>
    public GroupDecision CompleteLoading(long nowMs)
    {
        var effects = new List<GroupEffect>();
        foreach (var (groupId, kept) in _state.Groups.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var group = ClassicGroup.Load(groupId, kept, nowMs);
            _sessions[groupId] = group;
            foreach (var member in group.Members)
            {
                effects.Add(new ScheduleTimer(GroupTimerKey.Session(groupId, member.MemberId), member.Session.DeadlineMs));
            }

            if (group.MemberCount > options.MaxSize)
            {
                // The bound has come down since: whoever rejoins first stays, and all can commit before that.
                var draft = new ClassicDraft(group, options, nowMs);
                Rebalancing.PrepareOrComplete(draft, $"{group.MemberCount} members are more than there may be");
                effects.AddRange(draft.Effects);
            }
        }

        foreach (var group in _state.ConsumerGroups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Value))
        {
            effects.AddRange(TakeUp(group, nowMs));
        }

        effects.Add(NextOffsetExpiry(nowMs));
        return Decision([], effects);
    }

    /// <summary>Says what the command leads to. The reply, at once or later, is an effect that names the token.</summary>
    public GroupDecision Decide(GroupCommand command, RequestToken token, long nowMs) => command switch
    {
        HeartbeatCommand { GroupId: "" } or SyncGroupCommand { GroupId: "" } or LeaveGroupCommand { GroupId: "" } =>
            Answer(token, command.Refused(ErrorCode.InvalidGroupId)),
        ConsumerGroupHeartbeatCommand beat => Beat(beat, token, nowMs),
        JoinGroupCommand join => Join(join, token, nowMs),
        HeartbeatCommand or SyncGroupCommand or LeaveGroupCommand
            when ConsumersAsked(command) is { } group => AnswerClassicMember(command, group, token, nowMs),
        HeartbeatCommand heartbeat => Answer(token, Heartbeat(heartbeat, nowMs)),
        SyncGroupCommand sync => Known(sync, sync.GroupId, token, nowMs, draft => Syncing.Sync(draft, sync, token)),
        LeaveGroupCommand leave when !_sessions.ContainsKey(leave.GroupId) => Answer(token, Leaving.FromNoGroup(leave)),
        LeaveGroupCommand leave => Known(leave, leave.GroupId, token, nowMs, draft => Leaving.Leave(draft, leave, token)),
        OffsetCommitCommand commit => Commit(commit, token, nowMs),
        OffsetFetchCommand fetch => Answer(token, Fetch(fetch)),
        OffsetDeleteCommand delete when _state.ConsumerGroups.TryGetValue(delete.GroupId, out var group) =>
            Forget(OffsetDeletion.Delete(delete, group, _state), token),
        OffsetDeleteCommand delete => Forget(OffsetDeletion.Delete(delete, Find(delete.GroupId), _state), token),
        TopicsDeletedCommand deleted => Forget(OffsetDeletion.DeleteTopics(deleted, _state), token),
        DescribeConsumerGroupCommand describe => Answer(token, DescribeConsumers(describe)),
        DescribeGroupCommand describe => Answer(token, Describe(describe)),
        ListGroupsCommand list => Answer(token, Inspecting.List(list, ClassicGroups(), _state.ConsumerGroups.Values)),
        DeleteGroupCommand delete => DeleteGroup(delete, token),
        _ => throw new ArgumentException($"{command.GetType().Name} is not a command of a group shard.", nameof(command)),
    };

    /// <summary>A timer's deadline has come. Firing early or twice does no harm.</summary>
    public GroupDecision Expire(GroupTimerKey key, long nowMs)
    {
        if (key.Kind == GroupTimerKind.OffsetExpiry)
        {
            return ExpireOffsets(nowMs);
        }

        if (_state.ConsumerGroups.TryGetValue(key.GroupId, out var consumers))
        {
            return ExpireMember(consumers, key, nowMs);
        }

        if (!_sessions.TryGetValue(key.GroupId, out var group))
        {
            return Decision([], []);
        }

        var draft = new ClassicDraft(group.Copy(), options, nowMs);
        switch (key.Kind)
        {
            case GroupTimerKind.Session:
                Leaving.SessionDeadline(draft, key.MemberId);
                break;
            case GroupTimerKind.Join when group.State == ClassicGroupState.PreparingRebalance && draft.IsDue(key, group.JoinDeadlineMs):
                Rebalancing.JoinDeadline(draft);
                break;
            case GroupTimerKind.Sync when draft.IsDue(key, group.SyncDeadlineMs):
                Rebalancing.SyncDeadline(draft);
                break;
            default:
                break;
        }

        return Decision(draft);
    }

    /// <summary>The decision's records are in the log: they take effect.</summary>
    public void Accept(GroupDecision decision)
    {
        if (decision.Records.Count == 0 && decision.Sessions.Count == 0)
        {
            decision.Accepted?.Invoke();
            return;
        }

        if (decision.Basis != _version)
        {
            throw new InvalidOperationException("A decision was accepted after another one, which it does not know of.");
        }

        _version++;
        foreach (var record in decision.Records)
        {
            _state.Replay(record);
        }

        foreach (var (groupId, group) in decision.Sessions)
        {
            if (group is null)
            {
                _sessions.Remove(groupId);
            }
            else
            {
                _sessions[groupId] = group;
            }
        }

        decision.Accepted?.Invoke();
    }

    /// <summary>The shard is given up: all that waits is answered. The driver drops the shard and its timers.</summary>
    public GroupDecision Unload(ErrorCode error)
    {
        var effects = new List<GroupEffect>();
        foreach (var (groupId, group) in _sessions)
        {
            var draft = new ClassicDraft(group.Copy(), options, 0);
            foreach (var member in group.Members)
            {
                draft.AnswerWaiting(member, error);
            }

            effects.AddRange(draft.Effects);
        }

        return Decision([], effects);
    }

    /// <summary>The group, also one that only has offsets; null if there is nothing under this id.</summary>
    private ClassicGroup? Find(string groupId) =>
        _sessions.TryGetValue(groupId, out var group) ? group
        : HasOffsets(groupId) ? new ClassicGroup(groupId)
        : null;

    /// <summary>A group of the new protocol is not there for the classic description.</summary>
    private DescribeGroupReply Describe(DescribeGroupCommand describe) => _state.ConsumerGroups.ContainsKey(describe.GroupId)
        ? Inspecting.Describe(describe.GroupId, null) with { ErrorMessage = $"Group {describe.GroupId} is not a classic group." }
        : Inspecting.Describe(describe.GroupId, Find(describe.GroupId));

    /// <summary>Also those that only have offsets.</summary>
    private IEnumerable<ClassicGroup> ClassicGroups() =>
        _sessions.Keys.Concat(_state.Offsets.Keys).Concat(_state.Pending.Groups).Distinct(StringComparer.Ordinal)
            .Where(groupId => !_state.ConsumerGroups.ContainsKey(groupId))
            .Order(StringComparer.Ordinal)
            .Select(groupId => Find(groupId)!);

    private GroupDecision Answer(RequestToken token, GroupReply reply) => Decision([], [new SendReply(token, reply)]);

    /// <summary>A group that has no member, no id given out and nothing kept is not remembered.</summary>
    private GroupDecision Decision(ClassicDraft draft)
    {
        var group = draft.Group;
        var isGone = group.State == ClassicGroupState.Empty
            && group.PendingMembers.Count == 0
            && draft.Records.Count == 0
            && !_state.Groups.ContainsKey(group.GroupId);
        return Decision(draft.Records, draft.Effects, [new(group.GroupId, isGone ? null : group)]);
    }

    private GroupDecision Decision(
        IReadOnlyList<GroupRecord> records,
        IReadOnlyList<GroupEffect> effects,
        IReadOnlyList<KeyValuePair<string, ClassicGroup?>>? sessions = null,
        Action? accepted = null,
        TransactionalProducer? transaction = null) => new()
        {
            Records = records,
            Effects = effects,
            Sessions = sessions ?? [],
            Accepted = accepted,
            Transaction = transaction,
            Basis = _version,
        };
}
