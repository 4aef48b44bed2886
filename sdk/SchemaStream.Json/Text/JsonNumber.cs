using System.Globalization;
using System.Numerics;

namespace SchemaStream.Json.Text;

/// <summary>
/// A JSON number, exactly: ±0.d1d2d3… × 10^Exponent with neither leading nor trailing zeros among the digits. Numbers
/// such as 1e999999999 are compared without ever being written out.
/// </summary>
internal readonly record struct JsonNumber : IComparable<JsonNumber>
{
    private const long LargestExponent = 1_000_000_000_000;

    private readonly int _sign;
    private readonly string _digits;
    private readonly long _exponent;

    private JsonNumber(int sign, string digits, long exponent)
    {
        _sign = sign;
        _digits = digits;
        _exponent = exponent;
    }

    public static JsonNumber One { get; } = Parse("1");

    public static JsonNumber Zero { get; } = Parse("0");

    public bool IsInteger => _sign == 0 || _exponent >= _digits.Length;

    public bool IsNegative => _sign < 0;

    public bool IsZero => _sign == 0;

    /// <summary>Reads a number that JSON's grammar allows.</summary>
    public static JsonNumber Parse(string text)
    {
        var negative = text[0] == '-';
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = text.AsSpan(negative ? 1 : 0, (exponentAt < 0 ? text.Length : exponentAt) - (negative ? 1 : 0));
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var digits = point < 0 ? whole.ToString() : string.Concat(whole, mantissa[(point + 1)..]);
        var significant = digits.TrimStart('0');
        if (significant.Length == 0)
        {
            return new JsonNumber(0, "", 0);
        }

        long exponent = whole.Length - (digits.Length - significant.Length);
        if (exponentAt >= 0)
        {
            exponent += ReadExponent(text.AsSpan(exponentAt + 1));
        }

        return new JsonNumber(negative ? -1 : 1, significant.TrimEnd('0'), exponent);
    }

    public static bool operator <(JsonNumber left, JsonNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(JsonNumber left, JsonNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(JsonNumber left, JsonNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JsonNumber left, JsonNumber right) => left.CompareTo(right) >= 0;

    public int CompareTo(JsonNumber other)
    {
        if (_sign != other._sign)
        {
            return _sign.CompareTo(other._sign);
        }

        var magnitude = _exponent != other._exponent
            ? _exponent.CompareTo(other._exponent)
            : string.CompareOrdinal(_digits, other._digits);
        return _sign < 0 ? -magnitude : magnitude;
    }

    /// <summary>Whether this is a whole multiple of another number that is not zero.</summary>
    public bool IsMultipleOf(JsonNumber unit)
    {
        if (_sign == 0)
        {
            return true;
        }

        // Both as integers times powers of ten.
        var own = BigInteger.Parse(_digits, NumberStyles.None, CultureInfo.InvariantCulture);
        var step = BigInteger.Parse(unit._digits, NumberStyles.None, CultureInfo.InvariantCulture);
        var shift = _exponent - _digits.Length - (unit._exponent - unit._digits.Length);

        // With a negative shift the digits here would have to end in zeros, and they never do.
        return shift >= 0 && (own * BigInteger.ModPow(10, shift, step) % step).IsZero;
    }

    public override string ToString() => _sign == 0
        ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"{(_sign < 0 ? "-" : "")}0.{_digits}e{_exponent}");

    private static long ReadExponent(ReadOnlySpan<char> text)
    {
        var negative = text[0] == '-';
        var digits = (text[0] is '-' or '+' ? text[1..] : text).TrimStart('0');

        // Beyond this, all that a comparison needs is that it is very large.
        var value = digits.Length == 0 ? 0
            : digits.Length > 12 ? LargestExponent
            : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }
}
