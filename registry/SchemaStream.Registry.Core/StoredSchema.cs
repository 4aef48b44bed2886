using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>What an id stands for: content that never changes.</summary>
public sealed class StoredSchema(string context, int id, SchemaContent content)
{
    /// <summary>The context that the id counts in.</summary>
    public string Context { get; } = context;

    public int Id { get; } = id;

    public SchemaContent Content { get; } = content;

    public SchemaFormat Format => Content.Format;

    public string Text => Content.Text;

    public IReadOnlyList<SchemaReference> References => Content.References;

    public Metadata? Metadata => Content.Metadata;

    public RuleSet? RuleSet => Content.RuleSet;

    /// <summary>The identity: equal content, equal GUID, in every registry.</summary>
    public Guid Guid => Content.Guid;
}
