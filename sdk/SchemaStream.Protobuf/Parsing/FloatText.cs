using System.Globalization;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Floating-point numbers in the text that descriptors hold: C's <c>%g</c> with just enough digits.</summary>
internal static class FloatText
{
    public static string Of(double value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        var text = General(value, 15);
        return double.Parse(text, CultureInfo.InvariantCulture).Equals(value) ? text : General(value, 17);
    }

    public static string Of(float value)
    {
        if (Special(value) is { } special)
        {
            return special;
        }

        // To C's strtof a subnormal is out of range: protoc takes the longer form without looking.
        var text = General(value, 6);
        return !float.IsSubnormal(value) && float.Parse(text, CultureInfo.InvariantCulture).Equals(value) ? text : General(value, 9);
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? "nan"
        : double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : null;

    private static string General(double value, int precision)
    {
        var text = value.ToString("E" + (precision - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var digits = text[sign.Length..mark].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        if (digits.Length == 0)
        {
            return sign + "0";
        }

        if (exponent < -4 || exponent >= precision)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return sign + digits[0] + fraction + (exponent < 0 ? "e-" : "e+") + power;
        }

        if (exponent < 0)
        {
            return sign + "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? sign + digits.PadRight(exponent + 1, '0')
            : sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }
}
