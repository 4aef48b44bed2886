namespace SchemaStream.Registry.Core;

/// <summary>What an id stands for: content that never changes.</summary>
public sealed class StoredSchema(
    string context, int id, SchemaFormat format, string text, IReadOnlyList<SchemaReference> references)
{
    /// <summary>The context that the id counts in.</summary>
    public string Context { get; } = context;

    public int Id { get; } = id;

    public SchemaFormat Format { get; } = format;

    public string Text { get; } = text;

    public IReadOnlyList<SchemaReference> References { get; } = references;

    /// <summary>The identity: equal content, equal GUID, in every registry.</summary>
    public Guid Guid { get; } = SchemaIdentity.Of(text, references);
}
