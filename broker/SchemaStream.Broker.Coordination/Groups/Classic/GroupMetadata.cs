using System.Collections.Immutable;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>What is kept of a group's generation: enough for its members to carry on after a change of coordinator.</summary>
public sealed record GroupMetadata
{
    public required string ProtocolType { get; init; }

    public required int GenerationId { get; init; }

    /// <summary>Null while the group is empty.</summary>
    public string? ProtocolName { get; init; }

    /// <summary>Null while the group is empty.</summary>
    public string? LeaderId { get; init; }

    /// <summary>When the group came into its state; -1 in records that are older than this field.</summary>
    public long CurrentStateTimestampMs { get; init; } = -1;

    public ImmutableArray<PersistedMember> Members { get; init; } = [];
}

/// <summary>A member of a kept generation.</summary>
public sealed record PersistedMember
{
    public required string MemberId { get; init; }

    public string? GroupInstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>The member's metadata for the chosen protocol.</summary>
    public required ReadOnlyMemory<byte> Subscription { get; init; }

    public required ReadOnlyMemory<byte> Assignment { get; init; }
}
