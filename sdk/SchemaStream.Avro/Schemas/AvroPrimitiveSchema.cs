namespace SchemaStream.Avro.Schemas;

/// <summary>One of the eight types without parts: null, boolean, int, long, float, double, bytes, string.</summary>
public sealed class AvroPrimitiveSchema : AvroSchema
{
    internal AvroPrimitiveSchema(AvroSchemaKind kind, AvroLogicalType? logicalType, IReadOnlyList<AvroProperty> properties)
        : base(kind, logicalType, properties)
    {
    }

    internal static AvroPrimitiveSchema Plain(AvroSchemaKind kind) => new(kind, null, []);
}
