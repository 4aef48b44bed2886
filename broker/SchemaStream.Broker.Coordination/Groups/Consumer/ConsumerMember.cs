using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>A member of a consumer group: what it has said of itself, and what it has. Does not change.</summary>
internal sealed record ConsumerMember(string MemberId)
{
    private static readonly CurrentAssignment Nothing =
        new(0, 0, ConsumerMemberState.Stable, PartitionSet.Empty, PartitionSet.Empty);

    public ConsumerMemberMetadata Metadata { get; init; } = new();

    public CurrentAssignment Current { get; init; } = Nothing;

    public string? InstanceId => Metadata.InstanceId;

    public int MemberEpoch => Current.MemberEpoch;

    public ConsumerMemberState State => Current.State;

    /// <summary>It joins and syncs; the coordinator speaks the new protocol for it.</summary>
    public bool IsClassic => Metadata.Classic is not null;

    public bool IsReconciledTo(int assignmentEpoch) =>
        Current.State == ConsumerMemberState.Stable && Current.MemberEpoch == assignmentEpoch;
}
