using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>Partitions of one topic.</summary>
public sealed record TopicPartitions(string Topic, IReadOnlyList<int> Partitions);

/// <summary>OffsetFetch, for one group; a request of several groups becomes several commands.</summary>
public sealed record OffsetFetchCommand : GroupCommand<OffsetFetchReply>
{
    public required string GroupId { get; init; }

    /// <summary>OffsetFetch 9 and later: who asks; checked for KIP-848 groups only.</summary>
    public string? MemberId { get; init; }

    /// <summary>OffsetFetch 9 and later; checked for KIP-848 groups only.</summary>
    public int MemberEpoch { get; init; } = -1;

    /// <summary>Answer UNSTABLE_OFFSET_COMMIT where a transaction's commit is pending (KIP-447).</summary>
    public bool RequireStable { get; init; }

    /// <summary>Null: everything the group has.</summary>
    public IReadOnlyList<TopicPartitions>? Topics { get; init; }

    /// <inheritdoc/>
    public override OffsetFetchReply Refused(ErrorCode error) => new(error, []);
}

/// <summary>What is committed for one partition: offset -1 where there is nothing.</summary>
public readonly record struct FetchedOffset(
    int Partition, long CommittedOffset, int CommittedLeaderEpoch, string Metadata, ErrorCode ErrorCode);

/// <summary>What is committed for one topic.</summary>
public sealed record FetchedTopic(string Topic, IReadOnlyList<FetchedOffset> Partitions);

/// <summary>Answers <see cref="OffsetFetchCommand"/>.</summary>
public sealed record OffsetFetchReply(ErrorCode ErrorCode, IReadOnlyList<FetchedTopic> Topics) : GroupReply;
