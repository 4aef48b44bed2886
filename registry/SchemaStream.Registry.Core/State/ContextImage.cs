using System.Collections.Immutable;

namespace SchemaStream.Registry.Core.State;

/// <summary>An id as it stands: its content, and every version that uses it.</summary>
public sealed record IdEntry(StoredSchema Schema, ImmutableHashSet<SubjectVersion> Uses);

/// <summary>The ids of one context.</summary>
public sealed record ContextImage(string Name)
{
    /// <summary>The largest id ever read from the log; it never goes down, so no id comes back.</summary>
    public int MaxId { get; init; }

    public ImmutableDictionary<int, IdEntry> ById { get; init; } = ImmutableDictionary<int, IdEntry>.Empty;

    public ImmutableDictionary<Guid, int> IdByGuid { get; init; } = ImmutableDictionary<Guid, int>.Empty;

    public StoredSchema? Find(int id) => ById.GetValueOrDefault(id)?.Schema;

    public ContextImage WithUse(StoredSchema schema, SubjectVersion use)
    {
        var uses = ById.GetValueOrDefault(schema.Id)?.Uses ?? ImmutableHashSet<SubjectVersion>.Empty;
        return this with
        {
            MaxId = Math.Max(MaxId, schema.Id),
            ById = ById.SetItem(schema.Id, new IdEntry(schema, uses.Add(use))),
            IdByGuid = IdByGuid.ContainsKey(schema.Guid) ? IdByGuid : IdByGuid.Add(schema.Guid, schema.Id),
        };
    }

    public ContextImage WithoutUse(int id, SubjectVersion use)
    {
        if (!ById.TryGetValue(id, out var entry))
        {
            return this;
        }

        var uses = entry.Uses.Remove(use);
        if (!uses.IsEmpty)
        {
            return this with { ById = ById.SetItem(id, entry with { Uses = uses }) };
        }

        return this with
        {
            ById = ById.Remove(id),
            IdByGuid = IdByGuid.GetValueOrDefault(entry.Schema.Guid) == id ? IdByGuid.Remove(entry.Schema.Guid) : IdByGuid,
        };
    }
}
