using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>All that a schema says. Two of them with one <see cref="Guid"/> are the same schema, wherever they are.</summary>
public sealed class SchemaContent(
    SchemaFormat format,
    string text,
    IReadOnlyList<SchemaReference> references,
    Metadata? metadata = null,
    RuleSet? ruleSet = null,
    Guid? declared = null)
{
    /// <summary>The language; not part of the identity.</summary>
    public SchemaFormat Format { get; } = format;

    public string Text { get; } = text;

    public IReadOnlyList<SchemaReference> References { get; } = references;

    /// <summary>Null says nothing, which is another schema than one that says nothing in particular.</summary>
    public Metadata? Metadata { get; } = metadata;

    public RuleSet? RuleSet { get; } = ruleSet;

    /// <summary>The identity: equal content, equal GUID, in every registry.</summary>
    public Guid Guid { get; } = declared ?? SchemaIdentity.Of(text, references, metadata, ruleSet);

    /// <summary>
    /// The identity as the log states it: of content whose sensitive metadata is encrypted there it cannot be computed.
    /// Null where it was computed.
    /// </summary>
    public Guid? Declared { get; } = declared;

    public SchemaContent With(Metadata? metadata, RuleSet? ruleSet) =>
        ReferenceEquals(metadata, Metadata) && ReferenceEquals(ruleSet, RuleSet) ? this : new(Format, Text, References, metadata, ruleSet);
}
