using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>
/// OffsetFetch. Who asks is checked for KIP-848 groups only. A reader that is part of transactions itself asks for stable
/// offsets, and waits where another transaction may be about to move one (KIP-447).
/// </summary>
internal static class OffsetFetching
{
    private const long NoOffset = -1;

    /// <summary>A member of a consumer group that names itself must be in the epoch it says; others may look.</summary>
    public static ErrorCode Validate(OffsetFetchCommand fetch, ConsumerGroup group) =>
        fetch.MemberId is null && fetch.MemberEpoch < 0 ? ErrorCode.None
        : group.Member(fetch.MemberId ?? "") is not { } member ? ErrorCode.UnknownMemberId
        : OffsetCommitting.ValidateEpoch(member, fetch.MemberEpoch);

    public static OffsetFetchReply Fetch(GroupShardState state, OffsetFetchCommand fetch)
    {
        var offsets = state.Offsets.GetValueOrDefault(fetch.GroupId);
        if (fetch.Topics is not null)
        {
            return new OffsetFetchReply(
                ErrorCode.None,
                [.. fetch.Topics.Select(topic =>
                {
                    var committed = offsets?.Of(topic.Topic);
                    return new FetchedTopic(
                        topic.Topic,
                        [.. topic.Partitions.Select(partition => Fetched(state, fetch, topic.Topic, partition, committed?.GetValueOrDefault(partition)))]);
                })]);
        }

        return new OffsetFetchReply(
            ErrorCode.None,
            offsets is null
                ? []
                : [.. offsets.Topics.Select(topic => new FetchedTopic(
                    topic, [.. offsets.Of(topic).Select(partition => Fetched(state, fetch, topic, partition.Key, partition.Value))]))]);
    }

    private static FetchedOffset Fetched(
        GroupShardState state, OffsetFetchCommand fetch, string topic, int partition, CommittedOffset? offset) =>
        fetch.RequireStable && state.Pending.Has(fetch.GroupId, topic, partition)
        ? new FetchedOffset(partition, NoOffset, -1, "", ErrorCode.UnstableOffsetCommit)
        : offset is null
        ? new FetchedOffset(partition, NoOffset, -1, "", ErrorCode.None)
        : new FetchedOffset(partition, offset.Offset, offset.LeaderEpoch, offset.Metadata, ErrorCode.None);
}
