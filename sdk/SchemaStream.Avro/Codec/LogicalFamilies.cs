using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Which of two logical types says what a value means.</summary>
internal static class LogicalFamilies
{
    public static AvroLogicalType? Governing(AvroLogicalType? writer, AvroLogicalType? reader) =>
        writer is not null && (reader is null || Family(writer.Kind) == Family(reader.Kind)) ? writer : reader;

    private static int Family(AvroLogicalKind kind) => kind switch
    {
        AvroLogicalKind.Decimal or AvroLogicalKind.BigDecimal => 0,
        AvroLogicalKind.TimeMillis or AvroLogicalKind.TimeMicros => 1,
        >= AvroLogicalKind.TimestampMillis and <= AvroLogicalKind.TimestampNanos => 2,
        >= AvroLogicalKind.LocalTimestampMillis and <= AvroLogicalKind.LocalTimestampNanos => 3,
        _ => 100 + (int)kind,
    };
}
