using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>The offset to commit for one partition.</summary>
public readonly record struct PartitionCommit(int Partition, long CommittedOffset, int CommittedLeaderEpoch, string? Metadata);

/// <summary>The offsets to commit for one topic. Where the request names it by id, the handler resolves the name.</summary>
public sealed record TopicCommit(string Topic, IReadOnlyList<PartitionCommit> Partitions);

/// <summary>The producer in whose transaction something is done.</summary>
/// <param name="TransactionalId">By which the driver has the transaction verified.</param>
/// <param name="Support">What the client understands.</param>
public readonly record struct TransactionalProducer(
    long ProducerId,
    short ProducerEpoch,
    string TransactionalId = "",
    TransactionSupport Support = TransactionSupport.Default);

/// <summary>OffsetCommit; and TxnOffsetCommit, of which nothing is seen before its transaction is committed.</summary>
public sealed record OffsetCommitCommand : GroupCommand<OffsetCommitReply>
{
    public required string GroupId { get; init; }

    /// <summary>-1 without group membership: a simple consumer, or an administrator.</summary>
    public int GenerationIdOrMemberEpoch { get; init; } = -1;

    public string MemberId { get; init; } = "";

    /// <summary>OffsetCommit 9 and later: what members of consumer groups have to use.</summary>
    public bool KnowsMemberEpochs { get; init; }

    public string? GroupInstanceId { get; init; }

    /// <summary>OffsetCommit 2–4: how long to keep the offsets; null for the broker's retention.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>TxnOffsetCommit: the transaction that the offsets are part of; null for a commit that counts at once.</summary>
    public TransactionalProducer? Transaction { get; init; }

    public required IReadOnlyList<TopicCommit> Topics { get; init; }

    /// <inheritdoc/>
    public override OffsetCommitReply Refused(ErrorCode error) => new(
        [.. Topics.Select(topic => new TopicCommitResult(
            topic.Topic,
            [.. topic.Partitions.Select(partition => new PartitionCommitResult(partition.Partition, error))]))]);
}

/// <summary>How the commit of one partition went.</summary>
public readonly record struct PartitionCommitResult(int Partition, ErrorCode ErrorCode);

/// <summary>How the commits of one topic went, in the request's order.</summary>
public sealed record TopicCommitResult(string Topic, IReadOnlyList<PartitionCommitResult> Partitions);

/// <summary>Answers <see cref="OffsetCommitCommand"/>: an error of the whole request stands at every partition.</summary>
public sealed record OffsetCommitReply(IReadOnlyList<TopicCommitResult> Topics) : GroupReply;
