using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>C# type to schema.</summary>
internal static class SchemaDerivation
{
    public static AvroSchema FromType(Type type) => throw new AvroSchemaException($"{type} has no Avro schema");
}
