using System.Globalization;
using System.Text;

namespace SchemaStream.Broker.Configuration;

/// <summary>
/// The syntax of one logical line of a Java properties file: key and value apart by <c>=</c>, <c>:</c> or a blank, and the
/// escapes that both may have.
/// </summary>
internal static class PropertiesLine
{
    /// <summary>Whether the line goes on in the next one: an odd number of backslashes stands at its end.</summary>
    public static bool GoesOn(ReadOnlySpan<char> line)
    {
        var backslashes = line.Length - line.TrimEnd('\\').Length;
        return backslashes % 2 == 1;
    }

    public static bool IsBlankOrComment(ReadOnlySpan<char> line)
    {
        var start = TrimStart(line);
        return start.IsEmpty || start[0] is '#' or '!';
    }

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> line) => line.TrimStart(" \t\f");

    /// <exception cref="FormatException">An escape is none.</exception>
    public static KeyValuePair<string, string> Split(string line)
    {
        var end = KeyEnd(line);
        var rest = TrimStart(line.AsSpan(end));
        if (!rest.IsEmpty && rest[0] is '=' or ':')
        {
            rest = TrimStart(rest[1..]);
        }

        return KeyValuePair.Create(Unescape(line.AsSpan(0, end)), Unescape(rest));
    }

    /// <summary>The line that reads as this pair.</summary>
    public static string Format(string key, string value)
    {
        var line = new StringBuilder();
        Escape(key, line, isKey: true);
        line.Append('=');
        Escape(value, line, isKey: false);
        return line.ToString();
    }

    private static int KeyEnd(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\')
            {
                i++;
            }
            else if (line[i] is '=' or ':' or ' ' or '\t' or '\f')
            {
                return i;
            }
        }

        return line.Length;
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || ++i == text.Length)
            {
                plain.Append(text[Math.Min(i, text.Length - 1)]);
                continue;
            }

            plain.Append(text[i] switch
            {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\f',
                'u' => Unicode(text[(i + 1)..]),
                var other => other,
            });
            i += text[i] == 'u' ? 4 : 0;
        }

        return plain.ToString();
    }

    private static char Unicode(ReadOnlySpan<char> digits) =>
        digits.Length >= 4 && ushort.TryParse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : throw new FormatException("expected four hexadecimal digits after \\u");

    private static void Escape(string text, StringBuilder line, bool isKey)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            var needsBackslash = letter == '\\'
                || (isKey && letter is '=' or ':' or ' ' or '\t' or '\f')
                || (i == 0 && letter is ' ' or '\t' or '\f' or '#' or '!');
            line.Append(letter switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                _ when needsBackslash => $"\\{letter}",
                _ => letter.ToString(),
            });
        }
    }
}
