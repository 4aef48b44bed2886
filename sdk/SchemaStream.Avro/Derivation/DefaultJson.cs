using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>C# constants as the JSON of Avro's defaults.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class DefaultJson
{
    public static readonly JsonElement Null = Parse("null");

    /// <summary>The JSON of a parameter's default; null when a schema cannot say it (a collection, NaN, digits that it does not keep).</summary>
    public static JsonElement? Of(ShapeUse use, object? value)
    {
        if (value is null && (use.IsNullable || !use.Type.IsValueType))
        {
            return use.IsNullable ? Null : null;
        }

        try
        {
            return use.Shape switch
            {
                EnumShape symbols => Symbol(symbols, value),
                ScalarShape scalar => Scalar(scalar, value ?? Activator.CreateInstance(scalar.Type)!),
                _ => null,
            };
        }
        catch (AvroDataException)
        {
            // The first instant of year 1 in nanoseconds, or a number of more digits than the schema has.
            return null;
        }
    }

    private static JsonElement? Symbol(EnumShape shape, object? value)
    {
        var wanted = value is null ? Activator.CreateInstance(shape.Type)! : Enum.ToObject(shape.Type, value);
        foreach (var (symbol, candidate) in shape.Symbols)
        {
            if (candidate.Equals(wanted))
            {
                return Text(symbol);
            }
        }

        return null;
    }

    private static JsonElement? Scalar(ScalarShape shape, object value) => value switch
    {
        _ when shape.Fixed is { } size => FixedBytes(shape, value, size.Size),
        DateTime time when shape.Logical is { } chosen => Number(Count(chosen, time)),
        DateTimeOffset time when shape.Logical is { } chosen => Number(Count(chosen, time.UtcDateTime)),
        TimeOnly time when shape.Logical == AvroLogicalKind.TimeMillis => Number(AvroTimes.ToMillis(time)),
        TimeSpan span when shape.Logical == AvroLogicalKind.TimeMillis => Number(AvroTimes.ToMillis(span, "default")),
        TimeSpan span when shape.Logical == AvroLogicalKind.TimeMicros => Number(AvroTimes.ToMicros(span, "default")),
        bool flag => Parse(flag ? "true" : "false"),
        float single => float.IsFinite(single) ? Parse(single.ToString("R", CultureInfo.InvariantCulture)) : null,
        double number => double.IsFinite(number) ? Parse(number.ToString("R", CultureInfo.InvariantCulture)) : null,
        string text => Text(text),
        ulong number => Bytes(number),
        decimal number when shape.Logical == AvroLogicalKind.BigDecimal => BigDecimal(number),
        decimal number => Bytes(AvroDecimals.Unscaled(number, shape.Precision, shape.Scale, "default")),
        Guid id => Text(id.ToString()),
        DateTime time => Number(AvroTimes.ToMicros(time)),
        DateTimeOffset time => Number(AvroTimes.ToMicros(time)),
        DateOnly date => Number(AvroTimes.ToDays(date)),
        TimeOnly time => Number(AvroTimes.ToMicros(time)),
        TimeSpan span => Number(span.Ticks),
        sbyte or byte or short or ushort or int or uint or long => Number(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ReadOnlyMemory<byte> => Text(""),
        _ => null,
    };

    private static long Count(AvroLogicalKind kind, DateTime time) => kind switch
    {
        AvroLogicalKind.Date => AvroTimes.ToDays(time),
        AvroLogicalKind.TimestampMillis => AvroTimes.ToMillis(time),
        AvroLogicalKind.TimestampNanos => AvroTimes.ToNanos(time, "default"),
        AvroLogicalKind.LocalTimestampMillis => AvroTimes.ToLocalMillis(time),
        AvroLogicalKind.LocalTimestampMicros => AvroTimes.ToLocalMicros(time),
        AvroLogicalKind.LocalTimestampNanos => AvroTimes.ToLocalNanos(time, "default"),
        _ => AvroTimes.ToMicros(time),
    };

    private static JsonElement? FixedBytes(ScalarShape shape, object value, int size)
    {
        var bytes = new byte[size];
        switch (value)
        {
            case decimal number:
                AvroDecimals.WriteFixed(ref bytes[0], 0, size, AvroDecimals.Unscaled(number, shape.Precision, shape.Scale, "default"));
                break;
            case Guid id:
                AvroWriter.WriteGuidBytes(ref bytes[0], 0, id);
                break;
            case TimeSpan span:
                AvroWriter.WriteDuration(ref bytes[0], 0, span, "default");
                break;
            default:
                return null;
        }

        return Text(Encoding.Latin1.GetString(bytes));
    }

    private static JsonElement BigDecimal(decimal value)
    {
        var bytes = new byte[AvroWriter.RoomOfDecimal];
        var end = AvroWriter.WriteBigDecimal(ref bytes[0], 0, value);
        return Text(Encoding.Latin1.GetString(bytes, 1, end - 1));
    }

    private static JsonElement Number(long value) => Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Bytes in a default are text of the code points 0 to 255.</summary>
    private static JsonElement Bytes(BigInteger value) =>
        Text(Encoding.Latin1.GetString(value.ToByteArray(isUnsigned: false, isBigEndian: true)));

    private static JsonElement Text(string value) => Parse(JsonSerializer.Serialize(value));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
