namespace SchemaStream.Avro.Schemas;

/// <summary>A named number of bytes.</summary>
public sealed class AvroFixedSchema : AvroNamedSchema
{
    internal AvroFixedSchema(AvroNaming naming, int size, AvroLogicalType? logicalType, IReadOnlyList<AvroProperty> properties)
        : base(AvroSchemaKind.Fixed, naming, logicalType, properties) => Size = size;

    /// <summary>How many bytes.</summary>
    public int Size { get; }
}
