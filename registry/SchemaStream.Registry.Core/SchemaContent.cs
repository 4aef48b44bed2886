using System.Text;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>All that a schema says. Two of them with one <see cref="Guid"/> are the same schema, wherever they are.</summary>
/// <remarks>
/// The text is kept as UTF-8: a registry holds all of them for ever and reads few, and what it does with most is to send
/// them out again.
/// </remarks>
public sealed class SchemaContent
{
    private readonly byte[] _text;

    public SchemaContent(
        SchemaFormat format,
        string text,
        IReadOnlyList<SchemaReference> references,
        Metadata? metadata = null,
        RuleSet? ruleSet = null,
        Guid? declared = null)
        : this(format, Encoding.UTF8.GetBytes(text), references, metadata, ruleSet, declared)
    {
    }

    /// <param name="format">The language.</param>
    /// <param name="text">The text in UTF-8; the content's own from here on.</param>
    /// <param name="references">The schemas that it refers to.</param>
    /// <param name="metadata">What is said about it.</param>
    /// <param name="ruleSet">What is to be done with its data.</param>
    /// <param name="declared">The identity as the log states it.</param>
    internal SchemaContent(
        SchemaFormat format,
        byte[] text,
        IReadOnlyList<SchemaReference> references,
        Metadata? metadata,
        RuleSet? ruleSet,
        Guid? declared)
    {
        _text = text;
        Format = format;
        References = references;
        Metadata = metadata;
        RuleSet = ruleSet;
        Guid = declared ?? SchemaIdentity.Of(text, references, metadata, ruleSet);
        Declared = declared;
    }

    /// <summary>The language; not part of the identity.</summary>
    public SchemaFormat Format { get; }

    /// <summary>The text; made anew each time, so whoever looks often keeps it.</summary>
    public string Text => Encoding.UTF8.GetString(_text);

    /// <summary>The text in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Text => _text;

    public IReadOnlyList<SchemaReference> References { get; }

    /// <summary>Null says nothing, which is another schema than one that says nothing in particular.</summary>
    public Metadata? Metadata { get; }

    public RuleSet? RuleSet { get; }

    /// <summary>The identity: equal content, equal GUID, in every registry.</summary>
    public Guid Guid { get; }

    /// <summary>
    /// The identity as the log states it: of content whose sensitive metadata is encrypted there it cannot be computed.
    /// Null where it was computed.
    /// </summary>
    public Guid? Declared { get; }

    public SchemaContent With(Metadata? metadata, RuleSet? ruleSet) => ReferenceEquals(metadata, Metadata) && ReferenceEquals(ruleSet, RuleSet)
        ? this
        : new(Format, _text, References, metadata, ruleSet, declared: null);
}
