using System.Text.Json;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Text;

namespace SchemaStream.Avro.Derivation;

/// <summary>The schema of each C# type without parts.</summary>
/// <remarks>
/// Instants are microseconds, as most databases keep them: the tenth of a microsecond that .NET has is dropped, and the
/// offset of a <see cref="DateTimeOffset"/> with it. A <see cref="ulong"/> is a decimal of twenty digits, because a
/// long would lose its upper half. A <see cref="TimeSpan"/> is its ticks, because Avro's duration has no sign.
/// </remarks>
internal static class ScalarSchemas
{
    public const int UInt64Digits = 20;

    public static AvroSchema Of(ScalarShape shape) => shape.Kind switch
    {
        ScalarKind.Boolean => Plain(AvroSchemaKind.Boolean),
        ScalarKind.SByte or ScalarKind.Byte or ScalarKind.Int16 or ScalarKind.UInt16 or ScalarKind.Int32 => Plain(AvroSchemaKind.Int),
        ScalarKind.UInt32 or ScalarKind.Int64 => Plain(AvroSchemaKind.Long),
        ScalarKind.UInt64 => Logical(AvroSchemaKind.Bytes, Decimal(UInt64Digits, 0)),
        ScalarKind.Single => Plain(AvroSchemaKind.Float),
        ScalarKind.Double => Plain(AvroSchemaKind.Double),
        ScalarKind.String => Plain(AvroSchemaKind.String),
        ScalarKind.ByteArray or ScalarKind.Memory => Plain(AvroSchemaKind.Bytes),
        ScalarKind.Decimal => Logical(AvroSchemaKind.Bytes, Decimal(shape.Precision, shape.Scale)),
        ScalarKind.Guid => Logical(AvroSchemaKind.String, """{"logicalType":"uuid"}"""),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset => Logical(AvroSchemaKind.Long, """{"logicalType":"timestamp-micros"}"""),
        ScalarKind.DateOnly => Logical(AvroSchemaKind.Int, """{"logicalType":"date"}"""),
        ScalarKind.TimeOnly => Logical(AvroSchemaKind.Long, """{"logicalType":"time-micros"}"""),
        ScalarKind.TimeSpan => Logical(AvroSchemaKind.Long, """{"logicalType":"timespan-ticks"}"""),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape.Kind, "Not a scalar."),
    };

    private static string Decimal(int precision, int scale) =>
        $$"""{"logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}""";

    private static AvroPrimitiveSchema Plain(AvroSchemaKind kind) => AvroPrimitiveSchema.Plain(kind);

    private static AvroPrimitiveSchema Logical(AvroSchemaKind kind, string attributes)
    {
        using var document = JsonDocument.Parse(attributes);
        var properties = document.RootElement.EnumerateObject()
            .Select(property => new AvroProperty(property.Name, property.Value.Clone())).ToList();
        return new AvroPrimitiveSchema(kind, LogicalTypes.Read(properties, kind, 0), properties);
    }
}
