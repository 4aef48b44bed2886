using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Codec;

namespace SchemaStream.Avro.Derivation;

/// <summary>C# constants as the JSON of Avro's defaults.</summary>
internal static class DefaultJson
{
    public static readonly JsonElement Null = Parse("null");

    /// <summary>The JSON of a parameter's default; null when a schema cannot say it (a collection, NaN).</summary>
    public static JsonElement? Of(ShapeUse use, object? value)
    {
        if (value is null && (use.IsNullable || !use.Type.IsValueType))
        {
            return use.IsNullable ? Null : null;
        }

        return use.Shape switch
        {
            EnumShape symbols => Symbol(symbols, value),
            ScalarShape scalar => Scalar(scalar, value ?? Activator.CreateInstance(scalar.Type)!),
            _ => null,
        };
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
        bool flag => Parse(flag ? "true" : "false"),
        float single => float.IsFinite(single) ? Parse(single.ToString("R", CultureInfo.InvariantCulture)) : null,
        double number => double.IsFinite(number) ? Parse(number.ToString("R", CultureInfo.InvariantCulture)) : null,
        string text => Text(text),
        ulong number => Bytes(number),
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
