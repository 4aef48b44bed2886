using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination;

public sealed partial class GroupShard
{
    private GroupDecision Commit(OffsetCommitCommand commit, RequestToken token, long nowMs)
    {
        var group = Find(commit.GroupId);
        var validated = _state.ConsumerGroups.TryGetValue(commit.GroupId, out var consumers)
            ? OffsetCommitting.Validate(commit, consumers)
            : OffsetCommitting.Validate(commit, group);
        if (validated is not ErrorCode.None and var error)
        {
            return Answer(token, commit.Refused(error));
        }

        if (group?.Member(commit.MemberId) is { } member && group.State != ClassicGroupState.Empty)
        {
            member.Session.DeadlineMs = nowMs + (long)member.SessionTimeout.TotalMilliseconds;
        }

        var (records, reply) = OffsetCommitting.Commit(commit, options, nowMs);
        return Decision(records, [new SendReply(token, reply)], transaction: commit.Transaction);
    }

    private GroupDecision DeleteGroup(DeleteGroupCommand delete, RequestToken token)
    {
        if (_state.ConsumerGroups.TryGetValue(delete.GroupId, out var consumers))
        {
            return DeleteGroup(delete, consumers, token);
        }

        var group = Find(delete.GroupId);
        var error = group is null ? ErrorCode.GroupIdNotFound
            : group.State == ClassicGroupState.Empty ? ErrorCode.None
            : ErrorCode.NonEmptyGroup;
        if (error != ErrorCode.None)
        {
            return Answer(token, delete.Refused(error));
        }

        var records = OffsetDeletion.Tombstones(delete.GroupId, _state).ToList<GroupRecord>();
        if (_state.Groups.ContainsKey(delete.GroupId))
        {
            records.Add(new GroupMetadataRecord(delete.GroupId, null));
        }

        return Decision(
            records, [new SendReply(token, new DeleteGroupReply(delete.GroupId, ErrorCode.None))], [new(delete.GroupId, null)]);
    }

    private GroupDecision DeleteGroup(DeleteGroupCommand delete, ConsumerGroup group, RequestToken token)
    {
        if (!group.Members.IsEmpty)
        {
            return Answer(token, delete.Refused(ErrorCode.NonEmptyGroup));
        }

        var draft = Draft(group, 0);
        draft.Records.AddRange(OffsetDeletion.Tombstones(delete.GroupId, _state));
        Fencing.RemoveGroup(draft);
        return Decision(draft, token, new DeleteGroupReply(delete.GroupId, ErrorCode.None));
    }

    private OffsetFetchReply Fetch(OffsetFetchCommand fetch) =>
        _state.ConsumerGroups.TryGetValue(fetch.GroupId, out var consumers)
        && OffsetFetching.Validate(fetch, consumers) is not ErrorCode.None and var error
            ? fetch.Refused(error)
            : OffsetFetching.Fetch(_state, fetch);

    private GroupDecision ExpireOffsets(long nowMs)
    {
        var expired = OffsetExpiry.Expire(_state, ClassicGroups(), options, nowMs);
        var ended = new List<ConsumerDraft>();
        foreach (var group in _state.ConsumerGroups.Values.OrderBy(group => group.GroupId, StringComparer.Ordinal))
        {
            var left = OffsetExpiry.Expire(_state, group, expired, options, nowMs);
            if (left == 0 && group.Members.IsEmpty)
            {
                var draft = Draft(group, nowMs);
                Fencing.RemoveGroup(draft);
                draft.Report("the group is empty and has no offsets: it is forgotten");
                ended.Add(draft);
            }
        }

        var next = expired.IsCut ? new ScheduleTimer(GroupTimerKey.OffsetExpiry, nowMs) : NextOffsetExpiry(nowMs);
        return Decision(
            [.. expired.Records, .. ended.SelectMany(draft => draft.Records)],
            [.. expired.Reports, .. ended.SelectMany(draft => draft.Effects), next],
            [.. expired.EndedGroups.Select(groupId => new KeyValuePair<string, ClassicGroup?>(groupId, null))],
            () => ended.ForEach(draft => _memories.Remove(draft.GroupId)));
    }

    private ScheduleTimer NextOffsetExpiry(long nowMs) =>
        new(GroupTimerKey.OffsetExpiry, nowMs + (long)options.OffsetsRetentionCheckInterval.TotalMilliseconds);

    private bool HasOffsets(string groupId) => _state.Offsets.ContainsKey(groupId) || _state.Pending.Has(groupId);

    private GroupDecision Forget((IReadOnlyList<GroupRecord> Records, GroupReply Reply) outcome, RequestToken token) =>
        Decision(outcome.Records, [new SendReply(token, outcome.Reply)]);
}
