using System.Buffers;

namespace SchemaStream.Json.Validation;

/// <summary>
/// Cuts a JSON text (RFC 8259) into the tokens of a tape. Utf8JsonReader could do it too, at twice the cost: it can go on in
/// the next buffer, and keeps what it needs for that at every token.
/// </summary>
internal ref struct JsonScanner(ReadOnlySpan<byte> text, JsonToken[] tokens, int maxDepth)
{
    private static readonly SearchValues<byte> EndsOfPlainText = SearchValues.Create(
    [
        (byte)'"', (byte)'\\', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
        28, 29, 30, 31,
    ]);

    private readonly ReadOnlySpan<byte> _text = text;
    private JsonToken[] _tokens = tokens;
    private int _at;
    private int _open = -1;
    private int _depth;

    /// <summary>The tokens, in a larger array if the one given was too small.</summary>
    public readonly JsonToken[] Tokens => _tokens;

    public int Count { get; private set; }

    /// <summary>Cuts the whole text.</summary>
    /// <returns>What is wrong with it; null if it is one JSON value within the limits.</returns>
    public string? Scan()
    {
        SkipSpace();
        while (true)
        {
            if (!ReadValue(out var opened))
            {
                return _depth > maxDepth ? $"nests deeper than {maxDepth} levels" : Fault();
            }

            // After a value: commas and ends, until the next value begins.
            while (!opened)
            {
                SkipSpace();
                if (_open < 0)
                {
                    return _at == _text.Length ? null : Fault();
                }

                var isArray = _tokens[_open].Kind == JsonTokenKind.Array;
                var letter = Peek();
                if (letter == (isArray ? ']' : '}'))
                {
                    Close();
                    continue;
                }

                if (letter != ',')
                {
                    return Fault();
                }

                _at++;
                SkipSpace();
                if (!isArray && !ReadName())
                {
                    return Fault();
                }

                break;
            }
        }
    }

    private readonly string Fault() => Count > 0 && _tokens[Count - 1].Length > JsonSchemaLimits.MaxNumberLength
        && _tokens[Count - 1].Kind == JsonTokenKind.Number
            ? $"has a number of {_tokens[Count - 1].Length} characters; at most {JsonSchemaLimits.MaxNumberLength} are read"
            : $"is not JSON at byte {_at}";

    private readonly int Peek() => (uint)_at < (uint)_text.Length ? _text[_at] : -1;

    private void SkipSpace()
    {
        while ((uint)_at < (uint)_text.Length && _text[_at] <= ' ' && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    /// <param name="opened">Whether an array or object was opened, whose first value comes next.</param>
    private bool ReadValue(out bool opened)
    {
        opened = false;
        if (_open >= 0)
        {
            _tokens[_open].Length++;
        }

        switch (Peek())
        {
            case '"':
                return ReadText();
            case '{':
                return Open(JsonTokenKind.Object, '}', out opened) && (!opened || ReadName());
            case '[':
                return Open(JsonTokenKind.Array, ']', out opened);
            case 't':
                return ReadWord("true"u8, JsonTokenKind.True);
            case 'f':
                return ReadWord("false"u8, JsonTokenKind.False);
            case 'n':
                return ReadWord("null"u8, JsonTokenKind.Null);
            default:
                return ReadNumber();
        }
    }

    private bool ReadName()
    {
        if (Peek() != '"' || !ReadText())
        {
            return false;
        }

        SkipSpace();
        if (Peek() != ':')
        {
            return false;
        }

        _at++;
        SkipSpace();
        return true;
    }

    /// <summary>While a value is open, its next place holds the value around it. An empty one is closed at once.</summary>
    private bool Open(JsonTokenKind kind, int end, out bool opened)
    {
        opened = false;
        if (++_depth > maxDepth)
        {
            return false;
        }

        ref var token = ref Add(kind, _at, 0);
        token.Next = _open;
        _open = Count - 1;
        _at++;
        SkipSpace();
        if (Peek() == end)
        {
            Close();
            return true;
        }

        opened = true;
        return true;
    }

    private void Close()
    {
        ref var token = ref _tokens[_open];
        _open = token.Next;
        token.Next = Count;
        _depth--;
        _at++;
    }

    private ref JsonToken Add(JsonTokenKind kind, int start, int length)
    {
        if (Count == _tokens.Length)
        {
            Array.Resize(ref _tokens, 2 * Count);
        }

        ref var token = ref _tokens[Count++];
        token.Start = start;
        token.Length = length;
        token.Next = Count;
        token.Kind = kind;
        token.HasEscapes = false;
        return ref token;
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonTokenKind kind)
    {
        if (!_text[_at..].StartsWith(word))
        {
            return false;
        }

        Add(kind, _at, word.Length);
        _at += word.Length;
        return true;
    }

    private bool ReadText()
    {
        var start = ++_at;
        var hasEscapes = false;
        while (true)
        {
            var rest = _text[_at..];
            var end = rest.IndexOfAny(EndsOfPlainText);
            if (end < 0)
            {
                return false;
            }

            _at += end;
            if (rest[end] == '"')
            {
                Add(JsonTokenKind.String, start, _at - start).HasEscapes = hasEscapes;
                _at++;
                return true;
            }

            hasEscapes = true;
            if (rest[end] != '\\' || !SkipEscape())
            {
                return false;
            }
        }
    }

    private bool SkipEscape()
    {
        _at++;
        switch (Peek())
        {
            case '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't':
                _at++;
                return true;
            case 'u' when _text.Length - _at > 4:
                _at++;
                for (var i = 0; i < 4; i++, _at++)
                {
                    if (!char.IsAsciiHexDigit((char)_text[_at]))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return false;
        }
    }

    private bool ReadNumber()
    {
        var start = _at;
        _at += Peek() == '-' ? 1 : 0;
        if (Peek() == '0')
        {
            _at++;
        }
        else if (!SkipDigits())
        {
            return false;
        }

        if (Peek() == '.')
        {
            _at++;
            if (!SkipDigits())
            {
                return false;
            }
        }

        if (Peek() is 'e' or 'E')
        {
            _at++;
            _at += Peek() is '+' or '-' ? 1 : 0;
            if (!SkipDigits())
            {
                return false;
            }
        }

        Add(JsonTokenKind.Number, start, _at - start);
        return _at - start <= JsonSchemaLimits.MaxNumberLength;
    }

    private bool SkipDigits()
    {
        var start = _at;
        while ((uint)_at < (uint)_text.Length && char.IsAsciiDigit((char)_text[_at]))
        {
            _at++;
        }

        return _at > start;
    }
}
