using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Text;

namespace SchemaStream.Generators.Shapes;

/// <summary>C# constants as the JSON of Avro's defaults, as the runtime library's DefaultJson writes them.</summary>
internal static class ParameterDefaults
{
    public static readonly JsonElement Null = Parse("null");

    /// <summary>Year 1 in microseconds before the Unix epoch, and in days: what <c>default</c> is for an instant and a date.</summary>
    private const long FirstMicro = -62_135_596_800_000_000;
    private const int FirstDay = -719_162;

    /// <summary>More digits than a decimal has, however it is scaled.</summary>
    private const int MaxPrecision = 64;

    /// <summary>The JSON of a parameter's default; null when a schema cannot say it (a collection, NaN, digits that it does not keep).</summary>
    public static JsonElement? Of(ShapeUse use, object? value)
    {
        if (value is null && (use.IsNullable || !use.Shape.Type.IsValueType))
        {
            return use.IsNullable ? Null : null;
        }

        return use.Shape switch
        {
            EnumShape symbols => Symbol(symbols, value),
            ScalarShape scalar => Scalar(scalar, value),
            _ => null,
        };
    }

    private static JsonElement? Symbol(EnumShape shape, object? value)
    {
        var wanted = value is null ? 0 : Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        foreach (var (symbol, _, candidate) in shape.Symbols)
        {
            if (candidate == wanted)
            {
                return Text(symbol);
            }
        }

        return null;
    }

    private static JsonElement? Scalar(ScalarShape shape, object? value) => shape.Kind switch
    {
        _ when shape.Fixed is { } size => FixedBytes(shape, value, size.Size),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset when shape.Logical is { } chosen => chosen switch
        {
            AvroLogicalKind.Date => Number(FirstDay),
            AvroLogicalKind.TimestampMillis or AvroLogicalKind.LocalTimestampMillis => Number(FirstMicro / 1000),

            // The first instant of year 1 is more nanoseconds away than 64 bits count: there is no such default.
            AvroLogicalKind.TimestampNanos or AvroLogicalKind.LocalTimestampNanos => null,
            _ => Number(FirstMicro),
        },
        ScalarKind.Boolean => Parse(value is true ? "true" : "false"),
        ScalarKind.Single => value is float single ? Real(single, single.ToString("R", CultureInfo.InvariantCulture)) : Parse("0"),
        ScalarKind.Double => value is double number ? Real(number, number.ToString("R", CultureInfo.InvariantCulture)) : Parse("0"),
        ScalarKind.String => Text((string)value!),
        ScalarKind.UInt64 => Bytes(Convert.ToDecimal(value ?? 0, CultureInfo.InvariantCulture), int.MaxValue, 0),
        ScalarKind.Decimal when shape.Logical == AvroLogicalKind.BigDecimal => BigDecimal(Convert.ToDecimal(value ?? 0m, CultureInfo.InvariantCulture)),
        ScalarKind.Decimal => Bytes(Convert.ToDecimal(value ?? 0m, CultureInfo.InvariantCulture), shape.Precision, shape.Scale),
        ScalarKind.Guid => Text(Guid.Empty.ToString()),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset => Number(FirstMicro),
        ScalarKind.DateOnly => Number(FirstDay),
        ScalarKind.TimeOnly or ScalarKind.TimeSpan => Number(0),
        ScalarKind.Memory => Text(""),
        ScalarKind.ByteArray => null,
        _ => Number(Convert.ToInt64(value ?? 0, CultureInfo.InvariantCulture)),
    };

    private static JsonElement? Real(double value, string text) =>
        double.IsNaN(value) || double.IsInfinity(value) ? null : Parse(text);

    private static JsonElement Number(long value) => Parse(value.ToString(CultureInfo.InvariantCulture));

    private static JsonElement? FixedBytes(ScalarShape shape, object? value, int size)
    {
        if (shape.Kind is ScalarKind.ByteArray or ScalarKind.Memory)
        {
            return null;
        }

        var text = shape.Kind == ScalarKind.Decimal
            ? Unscaled(Convert.ToDecimal(value ?? 0m, CultureInfo.InvariantCulture), shape.Precision, shape.Scale)
            : "\0";
        return text is null || text.Length > size
            ? null
            : Text(text.PadLeft(size, text[0] >= 0x80 ? '\u00ff' : '\0'));
    }

    private static JsonElement? Bytes(decimal value, int precision, int scale) => Unscaled(value, precision, scale) is { } text ? Text(text) : null;

    /// <summary>The unscaled value behind its length, and the scale: both numbers are small enough for one byte of zigzag.</summary>
    private static JsonElement BigDecimal(decimal value)
    {
        var scale = (decimal.GetBits(value)[3] >> 16) & 0xFF;
        var unscaled = Unscaled(value, int.MaxValue, scale)!;
        return Text($"{(char)(unscaled.Length << 1)}{unscaled}{(char)(scale << 1)}");
    }

    /// <summary>Bytes in a default are text of the code points 0 to 255; a value with more digits than the schema has no such text.</summary>
    private static string? Unscaled(decimal value, int precision, int scale)
    {
        var bits = decimal.GetBits(value);
        var unscaled = new BigInteger((uint)bits[2]) << 64 | new BigInteger((uint)bits[1]) << 32 | (uint)bits[0];
        var shift = scale - ((bits[3] >> 16) & 0xFF);
        if (shift < 0)
        {
            unscaled = BigInteger.DivRem(unscaled, BigInteger.Pow(10, -shift), out var rest);
            if (!rest.IsZero)
            {
                return null;
            }
        }
        else
        {
            unscaled *= BigInteger.Pow(10, shift);
        }

        if (precision < MaxPrecision && unscaled >= BigInteger.Pow(10, precision))
        {
            return null;
        }

        var bytes = (bits[3] < 0 ? -unscaled : unscaled).ToByteArray();
        Array.Reverse(bytes);
        return new string([.. bytes.Select(one => (char)one)]);
    }

    private static JsonElement Text(string value) => Parse(new StringBuilder().AppendJson(value).ToString());

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
