using System.Collections.Immutable;

namespace SchemaStream.Registry.Core.State;

/// <summary>An id as it stands: its content, and every version that uses it.</summary>
public sealed record IdEntry(StoredSchema Schema, ImmutableHashSet<SubjectVersion> Uses);

/// <summary>The ids of one context.</summary>
public sealed record ContextImage(string Name)
{
    /// <summary>The largest id ever read from the log; it never goes down, so no id comes back.</summary>
    public int MaxId { get; init; }

    /// <summary>Whether it is listed: from its first schema, or its record, until it is deleted.</summary>
    public bool IsListed { get; init; }

    public ImmutableDictionary<int, IdEntry> ById { get; init; } = ImmutableDictionary<int, IdEntry>.Empty;

    public ImmutableDictionary<Guid, int> IdByGuid { get; init; } = ImmutableDictionary<Guid, int>.Empty;

    public StoredSchema? Find(int id) => ById.GetValueOrDefault(id)?.Schema;
}
