namespace SchemaStream.Avro.Schemas;

/// <summary>A record: named fields in an order.</summary>
public sealed class AvroRecordSchema : AvroNamedSchema
{
    private IReadOnlyList<AvroField> _fields = [];
    private Dictionary<string, AvroField> _byName = [];

    internal AvroRecordSchema(AvroNaming naming, bool isError, IReadOnlyList<AvroProperty> properties)
        : base(AvroSchemaKind.Record, naming, null, properties) => IsError = isError;

    /// <summary>The fields in the order of their bytes.</summary>
    public IReadOnlyList<AvroField> Fields => _fields;

    /// <summary>True for the protocol type <c>error</c>, which is a record in all but its keyword.</summary>
    public bool IsError { get; }

    /// <summary>The field of a name; null when there is none. Aliases are not looked at.</summary>
    /// <param name="name">The field's name.</param>
    public AvroField? FindField(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Completes the record: its fields may refer to it, so it exists before them.</summary>
    internal void SetFields(IReadOnlyList<AvroField> fields)
    {
        _fields = fields;
        _byName = fields.ToDictionary(field => field.Name);
        Height = 1 + fields.Select(field => field.Schema.Height).DefaultIfEmpty(0).Max();
    }
}
