using System.Buffers.Text;
using System.Globalization;
using System.Text;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Validation;

/// <summary>A number of a schema in the forms in which data is compared with it: whole, decimal, or exactly.</summary>
internal sealed class NumberLimit
{
    private readonly JsonNumber _exact;
    private readonly long? _whole;
    private readonly decimal? _decimal;

    public NumberLimit(JsonNumber number, string text)
    {
        _exact = number;
        _decimal = IsShort(text) && decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
        _whole = _decimal is { } plain && decimal.IsInteger(plain) && plain is >= long.MinValue and <= long.MaxValue
            ? (long)plain
            : null;
    }

    /// <summary>How a number of the data compares with this one: below zero where it is less.</summary>
    public int CompareTo(ReadOnlySpan<byte> number)
    {
        if (_whole is { } whole && TryWhole(number, out var value))
        {
            return value.CompareTo(whole);
        }

        return _decimal is { } own && TryDecimal(number, out var fraction)
            ? fraction.CompareTo(own)
            : Exact(number).CompareTo(_exact);
    }

    /// <summary>Whether a number of the data is a whole multiple of this one.</summary>
    public bool Divides(ReadOnlySpan<byte> number)
    {
        if (_whole is { } whole && TryWhole(number, out var value))
        {
            return whole is 1 or -1 || value % whole == 0;
        }

        return _decimal is { } own && TryDecimal(number, out var fraction) && Math.Abs(fraction / own) < long.MaxValue
            ? fraction % own == 0
            : Exact(number).IsMultipleOf(_exact);
    }

    public static bool IsInteger(ReadOnlySpan<byte> number) =>
        number.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 || Exact(number).IsInteger;

    public static JsonNumber Exact(ReadOnlySpan<byte> number) => JsonNumber.Parse(Encoding.ASCII.GetString(number));

    private static bool TryWhole(ReadOnlySpan<byte> number, out long value) =>
        Utf8Parser.TryParse(number, out value, out var consumed) && consumed == number.Length;

    private static bool TryDecimal(ReadOnlySpan<byte> number, out decimal value)
    {
        value = 0;

        // A decimal is exact up to 28 digits, and rounds what has more.
        return number.Length <= MostDigits && number.IndexOfAny((byte)'e', (byte)'E') < 0
            && Utf8Parser.TryParse(number, out value, out var consumed) && consumed == number.Length;
    }

    private const int MostDigits = 28;

    private static bool IsShort(string text) => text.Length <= MostDigits && !text.AsSpan().ContainsAny('e', 'E');
}
