using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>The ids of one context in the making.</summary>
internal sealed class ContextBuilder(ContextImage context)
{
    private readonly ImmutableDictionary<int, IdEntry>.Builder _byId = context.ById.ToBuilder();
    private readonly ImmutableDictionary<Guid, int>.Builder _idByGuid = context.IdByGuid.ToBuilder();
    private int _maxId = context.MaxId;
    private bool _isListed = context.IsListed;

    public string Name => context.Name;

    public StoredSchema? Find(int id) => _byId.GetValueOrDefault(id)?.Schema;

    public ContextImage ToImage() => context with
    {
        MaxId = _maxId,
        IsListed = _isListed,
        ById = _byId.ToImmutable(),
        IdByGuid = _idByGuid.ToImmutable(),
    };

    public void List(ContextPresence presence) => _isListed = presence == ContextPresence.Listed;

    public void Use(StoredSchema schema, SubjectVersion use)
    {
        var uses = _byId.GetValueOrDefault(schema.Id)?.Uses ?? [];
        _maxId = Math.Max(_maxId, schema.Id);
        _isListed = true;
        _byId[schema.Id] = new IdEntry(schema, uses.Add(use));
        _idByGuid.TryAdd(schema.Guid, schema.Id);
    }

    public void Unuse(int id, SubjectVersion use)
    {
        if (!_byId.TryGetValue(id, out var entry))
        {
            return;
        }

        var uses = entry.Uses.Remove(use);
        if (!uses.IsEmpty)
        {
            _byId[id] = entry with { Uses = uses };
            return;
        }

        _byId.Remove(id);
        if (_idByGuid.TryGetValue(entry.Schema.Guid, out var named) && named == id)
        {
            _idByGuid.Remove(entry.Schema.Guid);
        }
    }
}
