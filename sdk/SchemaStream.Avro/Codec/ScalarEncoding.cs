using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>How a C# scalar is written as a schema's type.</summary>
/// <param name="Room">The most bytes that are written; -1 when only the value tells, and the method checks by itself.</param>
/// <param name="Method">The method of <see cref="AvroWriter"/>.</param>
/// <param name="Convert">What is done to the value first; the path is for its refusal.</param>
/// <param name="Arguments">Arguments between the value and the path.</param>
/// <param name="TakesPath">The method can refuse a value, and names the path then.</param>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed record ScalarEncoding(
    int Room,
    string Method,
    Func<Expression, string, Expression> Convert,
    object[] Arguments,
    bool TakesPath)
{
    /// <summary>The way from a C# type to a schema's; null when there is none.</summary>
    public static ScalarEncoding? Find(AvroSchema schema, ScalarShape shape) => schema.Kind switch
    {
        AvroSchemaKind.Boolean when shape.Kind == ScalarKind.Boolean => Plain(1, nameof(AvroWriter.WriteBoolean), null),
        AvroSchemaKind.Int => FindInt(schema.LogicalType?.Kind, shape.Kind),
        AvroSchemaKind.Long => FindLong(schema.LogicalType?.Kind, shape.Kind),
        AvroSchemaKind.Float when shape.Kind == ScalarKind.Single => Plain(sizeof(float), nameof(AvroWriter.WriteFloat), null),
        AvroSchemaKind.Double when shape.Kind is ScalarKind.Single or ScalarKind.Double =>
            Plain(sizeof(double), nameof(AvroWriter.WriteDouble), typeof(double)),
        AvroSchemaKind.String when shape.Kind == ScalarKind.String => SelfChecking(nameof(AvroWriter.WriteString)),
        AvroSchemaKind.String when shape.Kind == ScalarKind.Guid => Plain(AvroWriter.RoomOfGuid, nameof(AvroWriter.WriteGuid), null),
        AvroSchemaKind.Bytes => FindBytes(schema.LogicalType, shape.Kind),
        AvroSchemaKind.Fixed => FindFixed((AvroFixedSchema)schema, shape.Kind),
        _ => null,
    };

    private static ScalarEncoding? FindInt(AvroLogicalKind? logical, ScalarKind kind) => (logical, kind) switch
    {
        (AvroLogicalKind.Date, ScalarKind.DateOnly or ScalarKind.DateTime) => Timed(AvroWriter.RoomOfInt, nameof(AvroWriter.WriteInt), nameof(AvroTimes.ToDays)),
        (AvroLogicalKind.TimeMillis, ScalarKind.TimeOnly or ScalarKind.TimeSpan) =>
            Timed(AvroWriter.RoomOfInt, nameof(AvroWriter.WriteInt), nameof(AvroTimes.ToMillis)),
        (_, >= ScalarKind.SByte and <= ScalarKind.Int32) => Plain(AvroWriter.RoomOfInt, nameof(AvroWriter.WriteInt), typeof(int)),
        _ => null,
    };

    private static ScalarEncoding? FindLong(AvroLogicalKind? logical, ScalarKind kind)
    {
        var convert = (logical, kind) switch
        {
            (AvroLogicalKind.TimestampMillis, ScalarKind.DateTime or ScalarKind.DateTimeOffset) => nameof(AvroTimes.ToMillis),
            (AvroLogicalKind.TimestampMicros, ScalarKind.DateTime or ScalarKind.DateTimeOffset) => nameof(AvroTimes.ToMicros),
            (AvroLogicalKind.TimestampNanos, ScalarKind.DateTime or ScalarKind.DateTimeOffset) => nameof(AvroTimes.ToNanos),
            (AvroLogicalKind.LocalTimestampMillis, ScalarKind.DateTime) => nameof(AvroTimes.ToLocalMillis),
            (AvroLogicalKind.LocalTimestampMicros, ScalarKind.DateTime) => nameof(AvroTimes.ToLocalMicros),
            (AvroLogicalKind.LocalTimestampNanos, ScalarKind.DateTime) => nameof(AvroTimes.ToLocalNanos),
            (AvroLogicalKind.TimeMicros, ScalarKind.TimeOnly or ScalarKind.TimeSpan) => nameof(AvroTimes.ToMicros),
            _ => null,
        };
        if (convert is not null)
        {
            return Timed(AvroWriter.RoomOfLong, nameof(AvroWriter.WriteLong), convert);
        }

        return (logical, kind) switch
        {
            (AvroLogicalKind.TimeSpanTicks, ScalarKind.TimeSpan) => new ScalarEncoding(
                AvroWriter.RoomOfLong, nameof(AvroWriter.WriteLong), (value, _) => Expression.Property(value, nameof(TimeSpan.Ticks)), [], false),
            (_, (>= ScalarKind.SByte and <= ScalarKind.UInt32) or ScalarKind.Int64) =>
                Plain(AvroWriter.RoomOfLong, nameof(AvroWriter.WriteLong), typeof(long)),
            _ => null,
        };
    }

    private static ScalarEncoding? FindBytes(AvroLogicalType? logical, ScalarKind kind) => kind switch
    {
        ScalarKind.ByteArray => SelfChecking(nameof(AvroWriter.WriteByteArray)),
        ScalarKind.Memory => SelfChecking(nameof(AvroWriter.WriteMemory)),
        ScalarKind.Decimal when logical?.Kind == AvroLogicalKind.BigDecimal =>
            Plain(AvroWriter.RoomOfDecimal, nameof(AvroWriter.WriteBigDecimal), null),
        ScalarKind.Decimal or ScalarKind.UInt64 when logical is { Kind: AvroLogicalKind.Decimal, Scale: <= AvroDecimals.MaxScale } => new ScalarEncoding(
            AvroWriter.RoomOfDecimal,
            kind == ScalarKind.Decimal ? nameof(AvroWriter.WriteDecimal) : nameof(AvroWriter.WriteUInt64),
            (value, _) => value,
            [logical.Precision, logical.Scale],
            TakesPath: true),
        _ => null,
    };

    private static ScalarEncoding? FindFixed(AvroFixedSchema schema, ScalarKind kind) => kind switch
    {
        ScalarKind.ByteArray => SelfChecking(nameof(AvroWriter.WriteFixedArray), schema.Size),
        ScalarKind.Memory => SelfChecking(nameof(AvroWriter.WriteFixedMemory), schema.Size),
        ScalarKind.Guid when schema.Size == 16 => Plain(schema.Size, nameof(AvroWriter.WriteGuidBytes), null),
        ScalarKind.TimeSpan when schema.LogicalType?.Kind == AvroLogicalKind.Duration =>
            new ScalarEncoding(schema.Size, nameof(AvroWriter.WriteDuration), (value, _) => value, [], TakesPath: true),
        ScalarKind.Decimal when schema.LogicalType is { Kind: AvroLogicalKind.Decimal, Scale: <= AvroDecimals.MaxScale } logical => new ScalarEncoding(
            schema.Size,
            nameof(AvroWriter.WriteDecimalFixed),
            (value, _) => value,
            [logical.Precision, logical.Scale, schema.Size],
            TakesPath: true),
        _ => null,
    };

    private static ScalarEncoding Plain(int room, string method, Type? type) =>
        new(room, method, (value, _) => type is null || value.Type == type ? value : Expression.Convert(value, type), [], TakesPath: false);

    private static ScalarEncoding Timed(int room, string method, string convert) =>
        new(room, method, (value, path) => Expression.Call(typeof(AvroTimes), convert, null, TimedArguments(convert, value, path)), [], TakesPath: false);

    /// <summary>Nanoseconds do not reach every year, and not every span is a time of day: those refuse, and tell where.</summary>
    private static Expression[] TimedArguments(string convert, Expression value, string path) =>
        convert is nameof(AvroTimes.ToNanos) or nameof(AvroTimes.ToLocalNanos) || value.Type == typeof(TimeSpan)
            ? [value, Expression.Constant(path)]
            : [value];

    private static ScalarEncoding SelfChecking(string method, params object[] arguments) =>
        new(-1, method, (value, _) => value, arguments, TakesPath: true);
}
