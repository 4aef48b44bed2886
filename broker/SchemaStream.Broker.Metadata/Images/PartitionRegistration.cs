using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>Who holds a partition, and who leads it.</summary>
public sealed record PartitionRegistration
{
    /// <summary>The leader of a partition that has none.</summary>
    public const int NoLeader = -1;

    /// <summary>The first is the preferred leader.</summary>
    public required ImmutableArray<int> Replicas { get; init; }

    /// <summary>Empty where the last in sync is lost; then <see cref="Elr"/> or <see cref="LastKnownElr"/> says who it was.</summary>
    public required ImmutableArray<int> Isr { get; init; }

    /// <summary>
    /// Eligible leader replicas (KIP-966): they left the ISR while it was smaller than min.insync.replicas, since when
    /// nothing was committed, and so they have all that was.
    /// </summary>
    public ImmutableArray<int> Elr { get; init; } = [];

    /// <summary>The leader that was lost last, of a partition without leader.</summary>
    public ImmutableArray<int> LastKnownElr { get; init; } = [];

    /// <summary>Those of the replicas that a reassignment brings.</summary>
    public ImmutableArray<int> AddingReplicas { get; init; } = [];

    /// <summary>Those of the replicas that a reassignment takes away when it completes.</summary>
    public ImmutableArray<int> RemovingReplicas { get; init; } = [];

    /// <summary>A broker id, or <see cref="NoLeader"/>.</summary>
    public required int Leader { get; init; }

    /// <summary>Grows with every change of the leader.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Grows with every change of this registration.</summary>
    public required int PartitionEpoch { get; init; }

    public bool HasLeader => Leader != NoLeader;

    public bool IsReassigning => !AddingReplicas.IsEmpty || !RemovingReplicas.IsEmpty;

    /// <summary>The replicas in sync that make up the minimum: a partition cannot have more of them than replicas.</summary>
    public int EffectiveMinIsr(int minInSyncReplicas) => Math.Min(minInSyncReplicas, Replicas.Length);
}
