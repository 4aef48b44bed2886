using SchemaStream.Avro.Text;

namespace SchemaStream.Avro.Schemas;

/// <summary>An Avro schema: immutable, and possibly a graph when types refer to themselves.</summary>
public abstract partial class AvroSchema
{
    private string? _canonicalForm;

    private protected AvroSchema(AvroSchemaKind kind, AvroLogicalType? logicalType, IReadOnlyList<AvroProperty> properties)
    {
        Kind = kind;
        LogicalType = logicalType;
        Properties = properties;
    }

    /// <summary>Which of Avro's types this is.</summary>
    public AvroSchemaKind Kind { get; }

    /// <summary>What the value stands for; null for a plain value or a logical type unknown here.</summary>
    public AvroLogicalType? LogicalType { get; }

    /// <summary>Attributes that Avro does not define, and those of logical types, in the order written.</summary>
    public IReadOnlyList<AvroProperty> Properties { get; }

    /// <summary>The full name of a record, enum or fixed; for the others the name of the type, such as <c>string</c>.</summary>
    public virtual string FullName => Kind.TypeName();

    /// <summary>
    /// The type as a topic contract pins it: the full name; of a union the names of its branches, sorted and joined by
    /// commas, as a branch more would be another type.
    /// </summary>
    public string ContractName => this is AvroUnionSchema union
        ? string.Join(',', union.Branches.Select(branch => branch.FullName).Order(StringComparer.Ordinal))
        : FullName;

    /// <summary>The Parsing Canonical Form of the specification: names in full, nothing that does not matter to a reader of data.</summary>
    public string CanonicalForm => _canonicalForm ??= CanonicalFormPrinter.Print(this);

    /// <summary>How deep schemas nest in this one; a type within itself counts once.</summary>
    internal int Height { get; private protected set; } = 1;

    /// <summary>Reads a schema from its JSON text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="references">Schemas whose names the text may use, such as the registry's references.</param>
    /// <param name="validation">How much is checked.</param>
    /// <exception cref="AvroSchemaException">The text is not a schema; the message says where and why.</exception>
    public static AvroSchema Parse(
        string text,
        IEnumerable<AvroSchema>? references = null,
        AvroValidation validation = AvroValidation.Strict) =>
        SchemaParser.Parse(text, references ?? [], validation);

    /// <summary>The schema as compact JSON, attributes in the order in which Apache Avro prints them.</summary>
    /// <param name="references">Schemas whose types are written as names alone; by default every type is written out once.</param>
    public string ToJson(IEnumerable<AvroSchema>? references = null) => SchemaPrinter.Print(this, references ?? []);

    /// <summary>The schema as JSON.</summary>
    public sealed override string ToString() => ToJson();
}
