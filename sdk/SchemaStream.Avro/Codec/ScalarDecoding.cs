using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <summary>How a C# scalar is read: from the writer's type, through the reader's.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class ScalarDecoding
{
    /// <summary>The expression that reads the scalar; null when there is no way.</summary>
    public static Expression? Find(AvroSchema writer, AvroSchema reader, ScalarShape shape, Expression input)
    {
        var value = FindScalar(writer, reader, shape, input);
        return value is null || shape.Adapter is null ? value : shape.Adapter.FromScalar(value);
    }

    private static Expression? FindScalar(AvroSchema writer, AvroSchema reader, ScalarShape shape, Expression input)
    {
        var raw = Raw(writer, reader.Kind, input);
        if (raw is null)
        {
            return null;
        }

        // The writer knows its unit and its scale; the reader's schema only says what it expected them to be.
        var logical = LogicalFamilies.Governing(writer.LogicalType, reader.LogicalType);
        return (reader.Kind, shape.Kind) switch
        {
            (AvroSchemaKind.Boolean, ScalarKind.Boolean) => raw,
            (AvroSchemaKind.Int or AvroSchemaKind.Long, _) => FromInteger(raw, logical?.Kind, shape),
            (AvroSchemaKind.Float, ScalarKind.Single) => raw,
            (AvroSchemaKind.Float or AvroSchemaKind.Double, ScalarKind.Double) => raw.Type == typeof(double) ? raw : Convert(raw, typeof(double)),
            (AvroSchemaKind.Double, ScalarKind.Single) => Convert(raw, typeof(float)),
            (AvroSchemaKind.String or AvroSchemaKind.Bytes, _) => FromText(input, writer.Kind, reader.Kind, logical, shape),
            (AvroSchemaKind.Fixed, _) => FromFixed(input, ((AvroFixedSchema)writer).Size, logical, shape),
            _ => null,
        };
    }

    /// <summary>The writer's number as the reader's kind. For texts, bytes and fixeds it only says that there is a way.</summary>
    private static Expression? Raw(AvroSchema writer, AvroSchemaKind reader, Expression input)
    {
        if (writer.Kind != reader && !Compatibility.SchemaMatching.IsPromoted(reader, writer.Kind))
        {
            return null;
        }

        Expression read = writer.Kind switch
        {
            AvroSchemaKind.Boolean => Read(input, nameof(AvroReader.ReadBoolean)),
            AvroSchemaKind.Int => Read(input, nameof(AvroReader.ReadInt)),
            AvroSchemaKind.Long => Read(input, nameof(AvroReader.ReadLong)),
            AvroSchemaKind.Float => Read(input, nameof(AvroReader.ReadFloat)),
            AvroSchemaKind.Double => Read(input, nameof(AvroReader.ReadDouble)),
            _ => Empty(),
        };
        var wanted = reader switch
        {
            AvroSchemaKind.Long => typeof(long),
            AvroSchemaKind.Float => typeof(float),
            AvroSchemaKind.Double => typeof(double),
            _ => read.Type,
        };
        return read.Type == wanted ? read : Convert(read, wanted);
    }

    private static Expression? FromInteger(Expression raw, AvroLogicalKind? logical, ScalarShape shape)
    {
        var convert = (logical, shape.Kind) switch
        {
            (AvroLogicalKind.Date, ScalarKind.DateOnly) => nameof(AvroTimes.FromDays),
            (AvroLogicalKind.Date, ScalarKind.DateTime) => nameof(AvroTimes.MidnightFromDays),
            (AvroLogicalKind.TimeMillis, ScalarKind.TimeSpan) => nameof(AvroTimes.SpanFromMillis),
            (AvroLogicalKind.TimeMicros, ScalarKind.TimeSpan) => nameof(AvroTimes.SpanFromMicros),
            (AvroLogicalKind.TimeMillis, ScalarKind.TimeOnly) => nameof(AvroTimes.TimeFromMillis),
            (AvroLogicalKind.TimeMicros, ScalarKind.TimeOnly) => nameof(AvroTimes.TimeFromMicros),
            (AvroLogicalKind.TimestampMillis, ScalarKind.DateTimeOffset) => nameof(AvroTimes.OffsetFromMillis),
            (AvroLogicalKind.TimestampMicros, ScalarKind.DateTimeOffset) => nameof(AvroTimes.OffsetFromMicros),
            (AvroLogicalKind.TimestampNanos, ScalarKind.DateTimeOffset) => nameof(AvroTimes.OffsetFromNanos),
            (AvroLogicalKind.TimestampMillis, ScalarKind.DateTime) => nameof(AvroTimes.UtcFromMillis),
            (AvroLogicalKind.TimestampMicros, ScalarKind.DateTime) => nameof(AvroTimes.UtcFromMicros),
            (AvroLogicalKind.TimestampNanos, ScalarKind.DateTime) => nameof(AvroTimes.UtcFromNanos),
            (AvroLogicalKind.LocalTimestampMillis, ScalarKind.DateTime) => nameof(AvroTimes.LocalFromMillis),
            (AvroLogicalKind.LocalTimestampMicros, ScalarKind.DateTime) => nameof(AvroTimes.LocalFromMicros),
            (AvroLogicalKind.LocalTimestampNanos, ScalarKind.DateTime) => nameof(AvroTimes.LocalFromNanos),
            (AvroLogicalKind.TimeSpanTicks, ScalarKind.TimeSpan) => nameof(TimeSpan.FromTicks),
            _ => null,
        };
        if (convert is not null)
        {
            var home = logical == AvroLogicalKind.TimeSpanTicks ? typeof(TimeSpan) : typeof(AvroTimes);
            var method = home.GetMethods().Single(m => m.Name == convert);
            var wanted = method.GetParameters()[0].ParameterType;
            return Call(method, raw.Type == wanted ? raw : Convert(raw, wanted));
        }

        return shape.Kind switch
        {
            ScalarKind.Int64 => raw.Type == typeof(long) ? raw : Convert(raw, typeof(long)),
            ScalarKind.Int32 when raw.Type == typeof(int) => raw,
            >= ScalarKind.SByte and <= ScalarKind.UInt32 => Call(
                typeof(AvroNumbers), "To" + shape.Kind, null, raw.Type == typeof(long) ? raw : Convert(raw, typeof(long))),
            ScalarKind.Double => Convert(raw, typeof(double)),
            _ => null,
        };
    }

    private static MethodCallExpression? FromText(
        Expression input, AvroSchemaKind writer, AvroSchemaKind reader, AvroLogicalType? logical, ScalarShape shape) => shape.Kind switch
    {
        ScalarKind.String when reader == AvroSchemaKind.String => Read(input, nameof(AvroReader.ReadString)),
        ScalarKind.Guid when reader == AvroSchemaKind.String => Read(input, nameof(AvroReader.ReadGuid)),
        ScalarKind.ByteArray when reader == AvroSchemaKind.Bytes => Read(input, nameof(AvroReader.ReadBytes)),
        ScalarKind.Memory when reader == AvroSchemaKind.Bytes => Read(input, nameof(AvroReader.ReadMemory)),
        ScalarKind.Decimal when IsBytes(reader, writer) && logical?.Kind == AvroLogicalKind.BigDecimal =>
            Read(input, nameof(AvroReader.ReadBigDecimal)),
        ScalarKind.UInt64 when IsBytes(reader, writer) && logical?.Kind == AvroLogicalKind.BigDecimal =>
            Read(input, nameof(AvroReader.ReadUInt64BigDecimal)),
        ScalarKind.Decimal when IsDecimal(reader, writer, logical) =>
            Read(input, nameof(AvroReader.ReadDecimal), logical!.Scale, shape.IsScaleChosen),
        ScalarKind.UInt64 when IsDecimal(reader, writer, logical) => Read(input, nameof(AvroReader.ReadUInt64), logical!.Scale),
        _ => null,
    };

    private static bool IsDecimal(AvroSchemaKind reader, AvroSchemaKind writer, AvroLogicalType? logical) =>
        IsBytes(reader, writer) && logical?.Kind == AvroLogicalKind.Decimal;

    private static bool IsBytes(AvroSchemaKind reader, AvroSchemaKind writer) =>
        reader == AvroSchemaKind.Bytes && writer == AvroSchemaKind.Bytes;

    private static MethodCallExpression? FromFixed(Expression input, int size, AvroLogicalType? logical, ScalarShape shape) => shape.Kind switch
    {
        ScalarKind.ByteArray => Read(input, nameof(AvroReader.ReadFixedBytes), size),
        ScalarKind.Memory => Read(input, nameof(AvroReader.ReadFixedMemory), size),
        ScalarKind.Guid when size == 16 => Read(input, nameof(AvroReader.ReadGuidBytes)),
        ScalarKind.TimeSpan when logical?.Kind == AvroLogicalKind.Duration => Read(input, nameof(AvroReader.ReadDuration)),
        ScalarKind.Decimal when logical?.Kind == AvroLogicalKind.Decimal =>
            Read(input, nameof(AvroReader.ReadDecimalFixed), size, logical.Scale, shape.IsScaleChosen),
        ScalarKind.UInt64 when logical?.Kind == AvroLogicalKind.Decimal =>
            Read(input, nameof(AvroReader.ReadUInt64Fixed), size, logical.Scale),
        _ => null,
    };

    private static MethodCallExpression Read(Expression input, string method, params object[] arguments) =>
        Call(input, typeof(AvroReader).GetMethod(method)!, arguments.Select(argument => Constant(argument)));
}
