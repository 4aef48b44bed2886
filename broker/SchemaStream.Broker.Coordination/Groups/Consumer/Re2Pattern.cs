using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>Writes a pattern of RE2's syntax in .NET's, and refuses what only .NET knows.</summary>
internal ref struct Re2Pattern
{
    /// <summary>RE2's own bound.</summary>
    private const int LargestRepetition = 1000;

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private int _position;
    private string? _why;

    private Re2Pattern(string pattern)
    {
        _pattern = pattern;
    }

    private readonly char Next => _position < _pattern.Length ? _pattern[_position] : '\0';

    /// <summary>Null: it is not RE2's, and <paramref name="why"/> says so. What is given may still not be a pattern for .NET.</summary>
    public static string? Translate(string pattern, out string? why)
    {
        var translation = new Re2Pattern(pattern);
        translation.TakeAll();
        why = translation._why;
        return why is null ? translation._output.ToString() : null;
    }

    private void TakeAll()
    {
        var depth = 0;
        while (_position < _pattern.Length && _why is null)
        {
            switch (_pattern[_position])
            {
                case '\\':
                    TakeEscape(inClass: false);
                    break;
                case '[':
                    TakeClass();
                    break;
                case '(':
                    TakeGroup(ref depth);
                    break;
                case ')':
                    depth--;
                    Take(1);
                    break;
                case '{':
                    TakeRepetition();
                    break;
                default:
                    Take(1);
                    break;
            }

            if (depth < 0)
            {
                _why ??= "a parenthesis is closed that was not opened";
            }
        }

        if (depth > 0)
        {
            _why ??= "a parenthesis is not closed";
        }
    }

    private void TakeGroup(ref int depth)
    {
        if (_position + 1 >= _pattern.Length || _pattern[_position + 1] != '?')
        {
            depth++;
            Take(1);
            return;
        }

        var rest = _pattern.AsSpan(_position);
        foreach (var start in Regex.EnumerateMatches(rest, @"\A\(\?(?:[imsU]*(?:-[imsU]+)?:|P?<[A-Za-z_][A-Za-z0-9_]*>)"))
        {
            depth++;
            _output.Append(InDotNet(rest[..start.Length]));
            _position += start.Length;
            return;
        }

        foreach (var flags in Regex.EnumerateMatches(rest, @"\A\(\?[imsU]*(?:-[imsU]+)?\)"))
        {
            var kept = InDotNet(rest[..flags.Length]);
            _output.Append(kept == "(?)" ? "" : kept);
            _position += flags.Length;
            return;
        }

        _why = "it has a group of a kind that is not supported";
    }

    /// <summary>
    /// A group's beginning. Names are written another way; which of several matches is found (the flag U) does not matter to
    /// whether there is one.
    /// </summary>
    private static string InDotNet(ReadOnlySpan<char> start)
    {
        var text = start.ToString();
        return text.EndsWith('>')
            ? text.Replace("(?P<", "(?<", StringComparison.Ordinal)
            : text.Replace("U", "", StringComparison.Ordinal)
                .Replace("-:", ":", StringComparison.Ordinal)
                .Replace("-)", ")", StringComparison.Ordinal);
    }

    private void TakeRepetition()
    {
        foreach (var match in Regex.EnumerateMatches(_pattern.AsSpan(_position), @"\A\{\d+(?:,\d*)?\}"))
        {
            var counts = _pattern.Substring(_position + 1, match.Length - 2).Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (Array.Exists(counts, count =>
                !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > LargestRepetition))
            {
                _why = $"something is repeated more than {LargestRepetition} times";
            }

            Take(match.Length);
            return;
        }

        Take(1);
    }

    private void TakeEscape(bool inClass)
    {
        if (_position + 1 >= _pattern.Length)
        {
            _why = "it ends with a backslash";
            return;
        }

        var escaped = _pattern[_position + 1];
        switch (escaped)
        {
            case 'Q' when !inClass:
                TakeQuoted();
                break;
            case 'p' or 'P' when _position + 2 < _pattern.Length && _pattern[_position + 2] != '{':
                _output.Append('\\').Append(escaped).Append('{').Append(_pattern[_position + 2]).Append('}');
                _position += 3;
                break;
            case 'x' when _position + 2 < _pattern.Length && _pattern[_position + 2] == '{':
                TakeCodePoint();
                break;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 't' or 'n' or 'r' or 'f' or 'v' or 'a' or 'p' or 'P' or 'x' or '0':
                Take(2);
                break;
            case 'A' or 'z' or 'b' or 'B' when !inClass:
                Take(2);
                break;
            case var _ when char.IsAscii(escaped) && !char.IsAsciiLetterOrDigit(escaped):
                Take(2);
                break;
            default:
                _why = $"\\{escaped} is not supported";
                break;
        }
    }

    private void TakeQuoted()
    {
        var end = _pattern.IndexOf(@"\E", _position + 2, StringComparison.Ordinal);
        var text = end < 0 ? _pattern[(_position + 2)..] : _pattern[(_position + 2)..end];
        _output.Append(Regex.Escape(text));
        _position = end < 0 ? _pattern.Length : end + 2;
    }

    private void TakeCodePoint()
    {
        var end = _pattern.IndexOf('}', _position);
        var digits = end < 0 ? default : _pattern.AsSpan((_position + 3)..end);
        if (!ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            _why = @"\x{…} does not name a character";
            return;
        }

        _output.Append(CultureInfo.InvariantCulture, $@"\u{unit:X4}");
        _position = end + 1;
    }

    private void TakeClass()
    {
        Take(1);
        if (Next == '^')
        {
            Take(1);
        }

        var isFirst = true;
        while (_position < _pattern.Length && _why is null)
        {
            switch (_pattern[_position])
            {
                case ']' when !isFirst:
                    Take(1);
                    return;
                case ']':
                    _output.Append(@"\]");
                    _position++;
                    break;
                case '\\':
                    TakeEscape(inClass: true);
                    break;
                case '[' when _position + 1 < _pattern.Length && _pattern[_position + 1] == ':':
                    TakeNamedClass();
                    break;
                case '[':
                    // .NET would take one class away from another here.
                    _output.Append(@"\[");
                    _position++;
                    break;
                default:
                    Take(1);
                    break;
            }

            isFirst = false;
        }

        _why ??= "a bracket is not closed";
    }

    private void TakeNamedClass()
    {
        var end = _pattern.IndexOf(":]", _position + 2, StringComparison.Ordinal);
        var characters = end < 0 ? null : _pattern[(_position + 2)..end] switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1F\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => null,
        };
        if (characters is null)
        {
            _why = "it has a class of characters that is not known";
            return;
        }

        _output.Append(characters);
        _position = end + 2;
    }

    private void Take(int count)
    {
        _output.Append(_pattern, _position, count);
        _position += count;
    }
}
