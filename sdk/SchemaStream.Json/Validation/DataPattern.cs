using System.Text;
using System.Text.RegularExpressions;

namespace SchemaStream.Json.Validation;

/// <summary>A regular expression of a schema, which is ECMAScript's, as .NET reads it.</summary>
internal sealed class DataPattern
{
    /// <summary>Longer expressions take long to be made ready for matching in linear time.</summary>
    private const int LongestLinearPattern = 256;

    private readonly Regex _regex;

    /// <exception cref="JsonSchemaException">.NET cannot read the expression.</exception>
    public DataPattern(string pattern, string pointer)
    {
        Text = pattern;
        try
        {
            var translated = Translate(pattern);
            var linear = Linear(translated);
            IsLinear = linear is not null;
            _regex = linear ?? new Regex(translated, RegexOptions.CultureInvariant, JsonSchemaLimits.MaxMatchTime);
        }
        catch (RegexParseException unreadable)
        {
            throw new JsonSchemaException(
                $"The regular expression '{(pattern.Length <= 100 ? pattern : pattern[..100] + "…")}' cannot be matched here: " +
                unreadable.Message, pointer);
        }
    }

    public string Text { get; }

    /// <summary>Whether matching takes time that grows with the text and no more.</summary>
    public bool IsLinear { get; }

    /// <exception cref="RegexMatchTimeoutException">It takes too long; never if it is linear.</exception>
    public bool IsMatch(ReadOnlySpan<char> text) => _regex.IsMatch(text);

    /// <summary>
    /// Where the two dialects write the same and mean different things: there digits and word characters are ASCII, an end is
    /// the end and not before a last line feed, and four characters end a line.
    /// </summary>
    internal static string Translate(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('\\', '$', '.') < 0)
        {
            return pattern;
        }

        var output = new StringBuilder(pattern.Length + 16);
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i += AppendEscape(output, pattern, i, isInClass);
                continue;
            }

            var wasInClass = isInClass;
            isInClass = c == '[' || (c != ']' && isInClass);
            _ = c switch
            {
                // Within a class ECMAScript takes a bracket as it is; .NET may subtract.
                '[' when wasInClass => output.Append("\\["),
                '$' when !isInClass => output.Append("\\z"),
                '.' when !isInClass => output.Append("[^\\n\\r\\u2028\\u2029]"),
                _ => output.Append(c),
            };
        }

        return output.ToString();
    }

    /// <returns>How many characters were taken beyond the backslash.</returns>
    private static int AppendEscape(StringBuilder output, string pattern, int at, bool isInClass)
    {
        var letter = pattern[at + 1];
        switch (letter)
        {
            case 'd':
                output.Append(isInClass ? "0-9" : "[0-9]");
                return 1;
            case 'w':
                output.Append(isInClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]");
                return 1;
            case 'D' when !isInClass:
                output.Append("[^0-9]");
                return 1;
            case 'W' when !isInClass:
                output.Append("[^a-zA-Z0-9_]");
                return 1;
            case '/' or '-':
                output.Append('\\').Append(letter);
                return 1;
            case 'u' when at + 2 < pattern.Length && pattern[at + 2] == '{':
                var end = pattern.IndexOf('}', at);
                if (end > 0 && int.TryParse(
                    pattern.AsSpan(at + 3, end - at - 3), System.Globalization.NumberStyles.AllowHexSpecifier,
                    System.Globalization.CultureInfo.InvariantCulture, out var code) && code is > 0 and < 0xD800)
                {
                    output.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{code:X4}");
                    return end - at;
                }

                break;
        }

        output.Append('\\').Append(letter);
        return 1;
    }

    private static Regex? Linear(string pattern)
    {
        if (pattern.Length > LongestLinearPattern)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            // It looks around or back, or counts too far.
            return null;
        }
    }
}
