using System.Collections.Immutable;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A member of an ISR, in the incarnation that the leader knows it in.</summary>
/// <param name="BrokerId">Its node id.</param>
/// <param name="BrokerEpoch">-1 where the leader does not know it; then it is not compared.</param>
public readonly record struct IsrMember(int BrokerId, long BrokerEpoch = -1);

/// <summary>What a leader proposes for one partition: the epochs are those its proposal is based on.</summary>
public sealed record PartitionAlteration(
    Guid TopicId, int Partition, int LeaderEpoch, int PartitionEpoch, IReadOnlyList<IsrMember> NewIsr);

/// <summary>AlterPartition: a leader shrinks or expands the ISR of partitions that it leads.</summary>
public sealed record AlterPartitionCommand(int BrokerId, long BrokerEpoch, IReadOnlyList<PartitionAlteration> Partitions)
    : ControllerCommand<AlterPartitionReply>
{
    /// <inheritdoc/>
    public override AlterPartitionReply Refused(ErrorCode error, string message) => new(error, message, []);
}

/// <summary>How one proposal went. The state is the partition's after the decision, and empty with an error.</summary>
public sealed record AlteredPartition(Guid TopicId, int Partition, ErrorCode ErrorCode)
{
    public int Leader { get; init; } = Images.PartitionRegistration.NoLeader;

    public int LeaderEpoch { get; init; } = -1;

    public int PartitionEpoch { get; init; } = -1;

    public ImmutableArray<int> Isr { get; init; } = [];
}

/// <summary>Answers <see cref="AlterPartitionCommand"/>; with an error of the whole, no partition is answered.</summary>
public sealed record AlterPartitionReply(ErrorCode ErrorCode, string? ErrorMessage, IReadOnlyList<AlteredPartition> Partitions);
