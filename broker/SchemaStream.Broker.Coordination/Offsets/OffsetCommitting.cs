using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>OffsetCommit: who may commit, and what is kept.</summary>
internal static class OffsetCommitting
{
    /// <summary>Characters of a topic's name.</summary>
    private const int LongestTopic = 249;

    public static ErrorCode Validate(OffsetCommitCommand commit, ClassicGroup? group)
    {
        if (!JoinLimits.FitsInRecord(commit.GroupId))
        {
            return ErrorCode.InvalidGroupId;
        }

        if (group is null)
        {
            // Without a group there is nothing to be a member of; without membership anyone may begin one.
            return commit.GenerationIdOrMemberEpoch < 0 ? ErrorCode.None
                : commit.KnowsMemberEpochs ? ErrorCode.GroupIdNotFound
                : ErrorCode.IllegalGeneration;
        }

        if (commit.GenerationIdOrMemberEpoch < 0 && group.State == ClassicGroupState.Empty)
        {
            return ErrorCode.None;
        }

        if (!NamesAMember(commit))
        {
            // As long as the group has members, only they commit; producers of before KIP-447 could not say who they are.
            return group.State == ClassicGroupState.Empty || commit.Transaction is not null ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        if (group.Validate(commit.MemberId, commit.GroupInstanceId) is not ErrorCode.None and var error)
        {
            return error;
        }

        if (commit.GenerationIdOrMemberEpoch != group.GenerationId)
        {
            return ErrorCode.IllegalGeneration;
        }

        // It knows the new generation and not yet what it is assigned: nothing it could have read.
        // A transaction goes on with what was read before.
        return group.State == ClassicGroupState.CompletingRebalance && commit.Transaction is null
            ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
    }

    /// <summary>In a consumer group a commit names the member's epoch, and only the current one counts.</summary>
    public static ErrorCode Validate(OffsetCommitCommand commit, ConsumerGroup group)
    {
        if (commit.GenerationIdOrMemberEpoch < 0 && group.Members.IsEmpty)
        {
            return ErrorCode.None;
        }

        if (commit.Transaction is not null && !NamesAMember(commit))
        {
            // A producer may leave out for whom it commits: its transaction is what fences it then.
            return ErrorCode.None;
        }

        if (group.Member(commit.MemberId) is not { } member)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!member.IsClassic && !commit.KnowsMemberEpochs && commit.Transaction is null)
        {
            return ErrorCode.UnsupportedVersion;
        }

        // Producers do not know of epochs: what aborts their transaction, and no more, is the error of the classic protocol.
        var error = ValidateEpoch(member, commit.GenerationIdOrMemberEpoch);
        return error == ErrorCode.StaleMemberEpoch && commit.Transaction is not null ? ErrorCode.IllegalGeneration : error;
    }

    /// <summary>The epoch that a member of a consumer group says it is in.</summary>
    public static ErrorCode ValidateEpoch(ConsumerMember member, int epoch) =>
        epoch == member.MemberEpoch ? ErrorCode.None
        : member.IsClassic ? ErrorCode.IllegalGeneration
        : ErrorCode.StaleMemberEpoch;

    private static bool NamesAMember(OffsetCommitCommand commit) =>
        commit.GenerationIdOrMemberEpoch >= 0 || commit.MemberId.Length > 0 || commit.GroupInstanceId is not null;

    public static (IReadOnlyList<GroupRecord> Records, OffsetCommitReply Reply) Commit(
        OffsetCommitCommand commit, GroupShardOptions options, long nowMs)
    {
        var records = new List<GroupRecord>();
        var topics = new List<TopicCommitResult>(commit.Topics.Count);
        long? expires = commit.Retention is { } retention ? nowMs + (long)retention.TotalMilliseconds : null;
        foreach (var topic in commit.Topics)
        {
            var results = new List<PartitionCommitResult>(topic.Partitions.Count);
            foreach (var partition in topic.Partitions)
            {
                var error = Validate(topic.Topic, partition, options);
                results.Add(new PartitionCommitResult(partition.Partition, error));
                if (error == ErrorCode.None)
                {
                    var offset = new CommittedOffset(
                        partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata ?? "", nowMs, expires);
                    records.Add(commit.Transaction is { } transaction
                        ? new PendingOffsetRecord(commit.GroupId, topic.Topic, partition.Partition, offset, transaction.ProducerId)
                        : new OffsetCommitRecord(commit.GroupId, topic.Topic, partition.Partition, offset));
                }
            }

            topics.Add(new TopicCommitResult(topic.Topic, results));
        }

        return (records, new OffsetCommitReply(topics));
    }

    private static ErrorCode Validate(string topic, PartitionCommit partition, GroupShardOptions options)
    {
        if (topic.Length is 0 or > LongestTopic || partition.Partition < 0)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        return partition.Metadata is { } metadata
            && (metadata.Length > options.OffsetMetadataMaxBytes || !JoinLimits.FitsInRecord(metadata))
            ? ErrorCode.OffsetMetadataTooLarge
            : ErrorCode.None;
    }
}
