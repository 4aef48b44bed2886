namespace SchemaStream.Avro.Schemas;

/// <summary>An array of items of one type.</summary>
public sealed class AvroArraySchema : AvroSchema
{
    internal AvroArraySchema(AvroSchema items, IReadOnlyList<AvroProperty> properties)
        : base(AvroSchemaKind.Array, null, properties)
    {
        Items = items;
        Height = 1 + items.Height;
    }

    /// <summary>The type of the items.</summary>
    public AvroSchema Items { get; }
}
