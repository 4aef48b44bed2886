using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>Who holds a partition, and who leads it.</summary>
public sealed record PartitionRegistration
{
    /// <summary>The leader of a partition that has none.</summary>
    public const int NoLeader = -1;

    /// <summary>The first is the preferred leader.</summary>
    public required ImmutableArray<int> Replicas { get; init; }

    public required ImmutableArray<int> Isr { get; init; }

    /// <summary>A broker id, or <see cref="NoLeader"/>.</summary>
    public required int Leader { get; init; }

    /// <summary>Grows with every change of the leader.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Grows with every change of this registration.</summary>
    public required int PartitionEpoch { get; init; }
}
