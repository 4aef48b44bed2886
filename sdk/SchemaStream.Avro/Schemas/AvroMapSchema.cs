namespace SchemaStream.Avro.Schemas;

/// <summary>A map from strings to values of one type.</summary>
public sealed class AvroMapSchema : AvroSchema
{
    internal AvroMapSchema(AvroSchema values, IReadOnlyList<AvroProperty> properties)
        : base(AvroSchemaKind.Map, null, properties)
    {
        Values = values;
        Height = 1 + values.Height;
    }

    /// <summary>The type of the values.</summary>
    public AvroSchema Values { get; }
}
