using System.Globalization;
using System.Text;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>What the literals of the language mean.</summary>
internal static class Literals
{
    /// <summary>What <c>nan</c> is to C++: .NET's own has its sign set, and the bytes of options would differ.</summary>
    public static readonly double NaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>An integer in decimal, octal or hex; false when it exceeds the limit.</summary>
    public static bool TryInteger(string text, ulong max, out ulong value)
    {
        value = 0;
        var radix = 10u;
        var digits = text.AsSpan();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
        }

        foreach (var c in digits)
        {
            var digit = (ulong)(char.IsAsciiDigit(c) ? c - '0' : char.ToLowerInvariant(c) - 'a' + 10);
            if (digit > max || value > (max - digit) / radix)
            {
                return false;
            }

            value = (value * radix) + digit;
        }

        return true;
    }

    public static double Float(string text) =>
        double.Parse(text.TrimEnd('f', 'F'), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The bytes of a string token.</summary>
    public static byte[] Bytes(string token)
    {
        var output = new MemoryStream(token.Length);
        for (var i = 1; i < token.Length - 1; i++)
        {
            if (token[i] != '\\')
            {
                var start = i;
                while (token[i + 1] != '\\' && i + 1 < token.Length - 1)
                {
                    i++;
                }

                output.Write(Encoding.UTF8.GetBytes(token[start..(i + 1)]));
                continue;
            }

            i++;
            i += Escape(token, i, output) - 1;
        }

        return output.ToArray();
    }

    /// <summary>Text of bytes that must be UTF-8; null when they are not.</summary>
    public static string? Text(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // Writes what an escape means; gives the characters it took after the backslash.
    private static int Escape(string token, int at, MemoryStream output)
    {
        switch (token[at])
        {
            case >= '0' and <= '7':
                var octal = Run(token, at, 3, c => c is >= '0' and <= '7');
                output.WriteByte((byte)Convert.ToInt32(octal, 8));
                return octal.Length;
            case 'x' or 'X':
                var hex = Run(token, at + 1, 2, char.IsAsciiHexDigit);
                output.WriteByte(Convert.ToByte(hex, 16));
                return 1 + hex.Length;
            case 'u':
                return Point(token, at, 4, output);
            case 'U':
                return Point(token, at, 8, output);
            default:
                output.WriteByte((byte)(token[at] switch
                {
                    'a' => '\a',
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\v',
                    var c => c,
                }));
                return 1;
        }
    }

    private static int Point(string token, int at, int digits, MemoryStream output)
    {
        var point = int.Parse(token.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var length = 1 + digits;

        // A pair of surrogates written as two escapes is the one character that it means.
        if (point is >= 0xD800 and <= 0xDBFF && at + 11 < token.Length && token[at + 5] == '\\' && token[at + 6] == 'u')
        {
            var low = int.Parse(token.AsSpan(at + 7, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (low is >= 0xDC00 and <= 0xDFFF)
            {
                point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                length += 6;
            }
        }

        WritePoint(point, output);
        return length;
    }

    // By hand: half of a surrogate pair, which protoc encodes like any other number, has no Rune.
    private static void WritePoint(int point, MemoryStream output)
    {
        switch (point)
        {
            case < 0x80:
                output.WriteByte((byte)point);
                break;
            case < 0x800:
                output.WriteByte((byte)(0xC0 | (point >> 6)));
                output.WriteByte((byte)(0x80 | (point & 0x3F)));
                break;
            case < 0x10000:
                output.WriteByte((byte)(0xE0 | (point >> 12)));
                output.WriteByte((byte)(0x80 | ((point >> 6) & 0x3F)));
                output.WriteByte((byte)(0x80 | (point & 0x3F)));
                break;
            default:
                output.WriteByte((byte)(0xF0 | (point >> 18)));
                output.WriteByte((byte)(0x80 | ((point >> 12) & 0x3F)));
                output.WriteByte((byte)(0x80 | ((point >> 6) & 0x3F)));
                output.WriteByte((byte)(0x80 | (point & 0x3F)));
                break;
        }
    }

    private static string Run(string token, int at, int most, Func<char, bool> isOne)
    {
        var end = at;
        while (end < at + most && isOne(token[end]))
        {
            end++;
        }

        return token[at..end];
    }

    /// <summary>Whether a text could stand between quotes as it is.</summary>
    public static bool IsEscaped(string text)
    {
        if (text.Contains('\n', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            var tokens = new Tokenizer("\"" + text + "\"", static (message, _) => new ProtoSchemaException(message));
            return tokens.Next().Kind == TokenKind.String && tokens.Next().Kind == TokenKind.End;
        }
        catch (ProtoSchemaException)
        {
            return false;
        }
    }

    /// <summary>Bytes as the inside of a string literal: ASCII, the rest as octal escapes.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var output = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            switch (b)
            {
                case (byte)'\n':
                    output.Append("\\n");
                    break;
                case (byte)'\r':
                    output.Append("\\r");
                    break;
                case (byte)'\t':
                    output.Append("\\t");
                    break;
                case (byte)'"' or (byte)'\'' or (byte)'\\':
                    output.Append('\\').Append((char)b);
                    break;
                case >= 0x20 and < 0x7F:
                    output.Append((char)b);
                    break;
                default:
                    output.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
                    break;
            }
        }

        return output.ToString();
    }
}
