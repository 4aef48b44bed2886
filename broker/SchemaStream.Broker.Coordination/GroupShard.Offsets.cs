using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination;

public sealed partial class GroupShard
{
    private GroupDecision Commit(OffsetCommitCommand commit, RequestToken token, long nowMs)
    {
        var group = Find(commit.GroupId);
        if (OffsetCommitting.Validate(commit, group) is not ErrorCode.None and var error)
        {
            return Answer(token, commit.Refused(error));
        }

        if (group?.Member(commit.MemberId) is { } member && group.State != ClassicGroupState.Empty)
        {
            member.Session.DeadlineMs = nowMs + (long)member.SessionTimeout.TotalMilliseconds;
        }

        var (records, reply) = OffsetCommitting.Commit(commit, options, nowMs);
        return Decision(records, [new SendReply(token, reply)]);
    }

    private GroupDecision DeleteGroup(DeleteGroupCommand delete, RequestToken token)
    {
        var group = Find(delete.GroupId);
        var error = group is null ? ErrorCode.GroupIdNotFound
            : group.State == ClassicGroupState.Empty ? ErrorCode.None
            : ErrorCode.NonEmptyGroup;
        if (error != ErrorCode.None)
        {
            return Answer(token, delete.Refused(error));
        }

        var records = OffsetDeletion.Tombstones(delete.GroupId, OffsetsOf(delete.GroupId)).ToList();
        if (_state.Groups.ContainsKey(delete.GroupId))
        {
            records.Add(new GroupMetadataRecord(delete.GroupId, null));
        }

        return Decision(
            records, [new SendReply(token, new DeleteGroupReply(delete.GroupId, ErrorCode.None))], [new(delete.GroupId, null)]);
    }

    private GroupDecision ExpireOffsets(long nowMs)
    {
        var expired = OffsetExpiry.Expire(_state, AllGroups(), options, nowMs);
        return Decision(
            expired.Records,
            [.. expired.Reports, NextOffsetExpiry(nowMs)],
            [.. expired.EndedGroups.Select(groupId => new KeyValuePair<string, ClassicGroup?>(groupId, null))]);
    }

    private ScheduleTimer NextOffsetExpiry(long nowMs) =>
        new(GroupTimerKey.OffsetExpiry, nowMs + (long)options.OffsetsRetentionCheckInterval.TotalMilliseconds);

    private GroupOffsets? OffsetsOf(string groupId) => _state.Offsets.GetValueOrDefault(groupId);

    private GroupDecision Forget((IReadOnlyList<GroupRecord> Records, GroupReply Reply) outcome, RequestToken token) =>
        Decision(outcome.Records, [new SendReply(token, outcome.Reply)]);
}
