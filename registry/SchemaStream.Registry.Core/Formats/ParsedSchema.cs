using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>A valid schema, understood. Formats derive their own and keep their model in it.</summary>
public abstract class ParsedSchema
{
    public abstract SchemaFormat Format { get; }

    /// <summary>The text to store: the schema printed again, so that layout does not make another schema of it.</summary>
    public abstract string StoredText { get; }

    /// <summary>The text to store under <c>normalize</c>: attributes in one order, names in full.</summary>
    public abstract string NormalizedText { get; }

    /// <summary>The text in the form that a client asks for with <c>format</c>; a form that is not known here means the stored text.</summary>
    /// <param name="format">Such as <c>resolved</c> (Avro: references written out) or <c>serialized</c> (Protobuf).</param>
    public abstract string TextAs(string format);

    /// <summary>The names of the fields at the top: of an Avro record, of a JSON object, of a Protobuf file's messages.</summary>
    public virtual IReadOnlyCollection<string> TopLevelFields => [];

    /// <summary>The tags that the text itself carries, part by part, in the order of the text; parts without tags are left out.</summary>
    public virtual IReadOnlyList<EntityTags> InlineTags => [];

    /// <summary>The stored text with tags added to its parts and others taken away; a part that is not there is refused (42201).</summary>
    /// <param name="add">Tags to add; those that are there already stay once.</param>
    /// <param name="remove">Tags to take away, after the others were added.</param>
    public virtual Outcome<string> WithTags(IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove) =>
        add.Count == 0 && remove.Count == 0
            ? StoredText
            : RegistryError.InvalidSchema($"Schemas of type {SchemaFormatNames.NameOf(Format)} carry no tags in their text.");

    /// <summary>As <see cref="WithTags"/>, whatever a client sends: parts may be named more than once.</summary>
    public Outcome<string> Retagged(IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove) =>
        EntityTags.Merge(add).TryGet(out var added, out var error) && EntityTags.Merge(remove).TryGet(out var removed, out error)
            ? WithTags(added, removed)
            : error;

    /// <summary>What a topic contract pins: the type's name; null where the language has none to give.</summary>
    public abstract string? TypeName { get; }
}
