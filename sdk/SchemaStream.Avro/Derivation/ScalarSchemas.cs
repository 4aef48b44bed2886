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
        _ when shape.Fixed is { } size => Fixed(shape, size.Name, size.Size),
        ScalarKind.UInt64 => Logical(AvroSchemaKind.Bytes, Decimal(UInt64Digits, 0)),
        ScalarKind.Single => Plain(AvroSchemaKind.Float),
        ScalarKind.Double => Plain(AvroSchemaKind.Double),
        ScalarKind.String => Plain(AvroSchemaKind.String),
        ScalarKind.ByteArray or ScalarKind.Memory => Plain(AvroSchemaKind.Bytes),
        ScalarKind.Decimal when shape.Logical == AvroLogicalKind.BigDecimal => Logical(AvroSchemaKind.Bytes, Named("big-decimal")),
        ScalarKind.Decimal => Logical(AvroSchemaKind.Bytes, Decimal(shape.Precision, shape.Scale)),
        ScalarKind.Guid => Logical(AvroSchemaKind.String, """{"logicalType":"uuid"}"""),
        _ when shape.Logical is { } chosen => Logical(chosen is AvroLogicalKind.TimeMillis or AvroLogicalKind.Date ? AvroSchemaKind.Int : AvroSchemaKind.Long, Named(Words[chosen])),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset => Logical(AvroSchemaKind.Long, """{"logicalType":"timestamp-micros"}"""),
        ScalarKind.DateOnly => Logical(AvroSchemaKind.Int, """{"logicalType":"date"}"""),
        ScalarKind.TimeOnly => Logical(AvroSchemaKind.Long, """{"logicalType":"time-micros"}"""),
        ScalarKind.TimeSpan => Logical(AvroSchemaKind.Long, """{"logicalType":"timespan-ticks"}"""),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape.Kind, "Not a scalar."),
    };

    private static string Decimal(int precision, int scale) =>
        $$"""{"logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}""";

    private static readonly Dictionary<AvroLogicalKind, string> Words = new()
    {
        [AvroLogicalKind.Date] = "date",
        [AvroLogicalKind.TimeMillis] = "time-millis",
        [AvroLogicalKind.TimeMicros] = "time-micros",
        [AvroLogicalKind.TimestampMillis] = "timestamp-millis",
        [AvroLogicalKind.TimestampMicros] = "timestamp-micros",
        [AvroLogicalKind.TimestampNanos] = "timestamp-nanos",
        [AvroLogicalKind.LocalTimestampMillis] = "local-timestamp-millis",
        [AvroLogicalKind.LocalTimestampMicros] = "local-timestamp-micros",
        [AvroLogicalKind.LocalTimestampNanos] = "local-timestamp-nanos",
        [AvroLogicalKind.TimeSpanTicks] = "timespan-ticks",
    };

    /// <summary>Whether a member of a kind may be given a logical type with <c>[AvroLogicalType]</c>.</summary>
    public static bool Allows(ScalarKind kind, AvroLogicalKind logical) => kind switch
    {
        ScalarKind.DateTime => logical is AvroLogicalKind.Date or >= AvroLogicalKind.TimestampMillis and <= AvroLogicalKind.LocalTimestampNanos,
        ScalarKind.DateTimeOffset => logical is >= AvroLogicalKind.TimestampMillis and <= AvroLogicalKind.TimestampNanos,
        ScalarKind.TimeOnly => logical is AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros,
        ScalarKind.TimeSpan => logical is AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros or AvroLogicalKind.TimeSpanTicks,
        ScalarKind.Decimal => logical is AvroLogicalKind.BigDecimal,
        _ => false,
    };

    /// <summary>Whether a member of a kind may be a fixed of a size with <c>[AvroFixed]</c>.</summary>
    public static bool AllowsFixed(ScalarKind kind, int size) => kind switch
    {
        ScalarKind.ByteArray or ScalarKind.Memory => size > 0,
        ScalarKind.Decimal => size is > 0 and <= 16,
        ScalarKind.Guid => size == 16,
        ScalarKind.TimeSpan => size == 12,
        _ => false,
    };

    private static AvroFixedSchema Fixed(ScalarShape shape, AvroName name, int size)
    {
        var attributes = shape.Kind switch
        {
            ScalarKind.Decimal => Properties(Decimal(shape.Precision, shape.Scale)),
            ScalarKind.Guid => Properties(Named("uuid")),
            ScalarKind.TimeSpan => Properties(Named("duration")),
            _ => [],
        };
        var logical = LogicalTypes.Read(attributes, AvroSchemaKind.Fixed, size);
        return logical is null && attributes.Count > 0
            ? throw new AvroSchemaException($"{name}: {size} bytes are too few for {shape.Precision} digits; use more of one or fewer of the other")
            : new AvroFixedSchema(new AvroNaming(name, [], null), size, logical, attributes);
    }

    private static string Named(string logicalType) => $$"""{"logicalType":"{{logicalType}}"}""";

    private static AvroPrimitiveSchema Plain(AvroSchemaKind kind) => AvroPrimitiveSchema.Plain(kind);

    private static AvroPrimitiveSchema Logical(AvroSchemaKind kind, string attributes)
    {
        var properties = Properties(attributes);
        return new AvroPrimitiveSchema(kind, LogicalTypes.Read(properties, kind, 0), properties);
    }

    private static List<AvroProperty> Properties(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(property => new AvroProperty(property.Name, property.Value.Clone()))];
    }
}
