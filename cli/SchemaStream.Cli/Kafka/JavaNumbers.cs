using System.Globalization;

namespace SchemaStream.Cli.Kafka;

/// <summary>Numbers as Java's tools print them.</summary>
internal static class JavaNumbers
{
    /// <summary>As Java prints real numbers: always with a point, and with an exponent from ten millions on and below a thousandth.</summary>
    public static string Text<T>(T value)
        where T : struct, IFormattable, IConvertible
    {
        var number = value.ToDouble(CultureInfo.InvariantCulture);
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        // "R" has the shortest digits that read back the same, in one notation or the other.
        var scientific = value.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var (digits, exponent) = Digits(shortest);
        var sign = scientific.StartsWith('-') ? "-" : "";
        if (number == 0)
        {
            return sign + "0.0";
        }

        if (Math.Abs(number) is >= 1e-3 and < 1e7)
        {
            return sign + (exponent < 0
                ? "0." + new string('0', -exponent - 1) + digits
                : digits.Length > exponent + 1 ? digits[..(exponent + 1)] + "." + digits[(exponent + 1)..]
                : digits.PadRight(exponent + 1, '0') + ".0");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}");
    }

    /// <summary>The significant digits, and the power of ten of the first of them.</summary>
    private static (string Digits, int Exponent) Digits(string number)
    {
        var text = number.TrimStart('-');
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0');
        return (digits, whole - 1 - zeros + power);
    }
}
