namespace SchemaStream.Protobuf.Parsing;

/// <summary>Cuts a <c>.proto</c> text, or the value of an option, into tokens.</summary>
internal sealed class Tokenizer
{
    private readonly string _text;
    private readonly Func<string, Place, ProtoSchemaException> _fault;
    private int _position;
    private int _line = 1;
    private int _lineStart;
    private int _previousEnd = -1;
    private TokenKind _previousKind;

    /// <param name="text">The text.</param>
    /// <param name="fault">Makes the exception for what is wrong at a place.</param>
    public Tokenizer(string text, Func<string, Place, ProtoSchemaException> fault)
    {
        _text = text;
        _fault = fault;
        if (text.StartsWith('\uFEFF'))
        {
            _position = 1;
            _lineStart = 1;
        }
    }

    private Place Here => new(_line, _position - _lineStart + 1);

    public Token Next()
    {
        SkipBlanks();
        var place = Here;
        var start = _position;
        if (start >= _text.Length)
        {
            return new Token(TokenKind.End, "", place);
        }

        var kind = Take(place);
        _previousEnd = _position;
        _previousKind = kind;
        return new Token(kind, _text[start.._position], place);
    }

    private TokenKind Take(Place place)
    {
        var c = _text[_position];
        if (IsLetter(c))
        {
            SkipWhile(IsLetterOrDigit);
            return TokenKind.Identifier;
        }

        if (char.IsAsciiDigit(c))
        {
            return TakeNumber(c);
        }

        if (c == '.' && char.IsAsciiDigit(Peek(1)))
        {
            if (_previousKind == TokenKind.Identifier && _previousEnd == _position)
            {
                throw _fault("Need space between identifier and decimal point.", place);
            }

            return TakeNumber(c);
        }

        if (c is '"' or '\'')
        {
            TakeString(c);
            return TokenKind.String;
        }

        if (c < ' ' || c == '\u007F')
        {
            throw _fault("Invalid control characters encountered in text.", place);
        }

        if (c > '\u007F')
        {
            throw _fault("Characters beyond ASCII belong in strings and comments only.", place);
        }

        _position++;
        return TokenKind.Symbol;
    }

    private TokenKind TakeNumber(char first)
    {
        var kind = TokenKind.Integer;
        if (first == '0' && Peek(1) is 'x' or 'X')
        {
            _position += 2;
            if (!char.IsAsciiHexDigit(Peek(0)))
            {
                throw _fault("\"0x\" must be followed by hex digits.", Here);
            }

            SkipWhile(char.IsAsciiHexDigit);
        }
        else if (first == '0' && char.IsAsciiDigit(Peek(1)))
        {
            SkipWhile(c => c is >= '0' and <= '7');
            if (char.IsAsciiDigit(Peek(0)))
            {
                throw _fault("Numbers starting with leading zero must be in octal.", Here);
            }
        }
        else
        {
            kind = TakeDecimal();
        }

        if (IsLetter(Peek(0)))
        {
            throw _fault("Need space between number and identifier.", Here);
        }

        if (Peek(0) == '.')
        {
            throw _fault(
                kind == TokenKind.Float
                    ? "Already saw decimal point or exponent; can't have another one."
                    : "Hex and octal numbers must be integers.",
                Here);
        }

        return kind;
    }

    private TokenKind TakeDecimal()
    {
        var kind = TokenKind.Integer;
        SkipWhile(char.IsAsciiDigit);
        if (Peek(0) == '.')
        {
            kind = TokenKind.Float;
            _position++;
            SkipWhile(char.IsAsciiDigit);
        }

        if (Peek(0) is 'e' or 'E')
        {
            kind = TokenKind.Float;
            _position++;
            if (Peek(0) is '+' or '-')
            {
                _position++;
            }

            if (!char.IsAsciiDigit(Peek(0)))
            {
                throw _fault("\"e\" must be followed by exponent.", Here);
            }

            SkipWhile(char.IsAsciiDigit);
        }

        return kind;
    }

    private void TakeString(char quote)
    {
        _position++;
        while (true)
        {
            var c = Peek(0);
            if (_position >= _text.Length)
            {
                throw _fault("Unexpected end of string.", Here);
            }

            if (c == '\n')
            {
                throw _fault("String literals cannot cross line boundaries.", Here);
            }

            if (c == '\\')
            {
                _position++;
                TakeEscape();
            }
            else
            {
                _position++;
                if (c == quote)
                {
                    return;
                }
            }
        }
    }

    private void TakeEscape()
    {
        switch (Peek(0))
        {
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\' or '?' or '\'' or '"' or (>= '0' and <= '7'):
                _position++;
                break;
            case 'x' or 'X':
                _position++;
                TakeHex(1, "Expected hex digits for escape sequence.");
                break;
            case 'u':
                _position++;
                TakeHex(4, "Expected four hex digits for \\u escape sequence.");
                break;
            case 'U':
                _position++;
                var isInRange = Peek(0) == '0' && Peek(1) == '0' && (Peek(2) == '0' || (Peek(2) == '1' && Peek(3) == '0'));
                if (!isInRange)
                {
                    throw _fault("Expected eight hex digits up to 10ffff for \\U escape sequence.", Here);
                }

                TakeHex(8, "Expected eight hex digits up to 10ffff for \\U escape sequence.");
                break;
            default:
                throw _fault("Invalid escape sequence in string literal.", Here);
        }
    }

    private void TakeHex(int count, string fault)
    {
        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiHexDigit(Peek(0)))
            {
                throw _fault(fault, Here);
            }

            _position++;
        }
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            var c = _text[_position];
            if (c == '\n')
            {
                _position++;
                _line++;
                _lineStart = _position;
            }
            else if (c is ' ' or '\t' or '\r' or '\v' or '\f')
            {
                _position++;
            }
            else if (c == '/' && Peek(1) == '/')
            {
                var end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end;
            }
            else if (c == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var start = Here;
        _position += 2;
        while (true)
        {
            if (_position >= _text.Length)
            {
                throw _fault("End-of-file inside block comment.", start);
            }

            switch (_text[_position])
            {
                case '*' when Peek(1) == '/':
                    _position += 2;
                    return;
                case '/' when Peek(1) == '*':
                    throw _fault("\"/*\" inside block comment.  Block comments cannot be nested.", Here);
                case '\n':
                    _position++;
                    _line++;
                    _lineStart = _position;
                    break;
                default:
                    _position++;
                    break;
            }
        }
    }

    private void SkipWhile(Func<char, bool> isOne)
    {
        while (_position < _text.Length && isOne(_text[_position]))
        {
            _position++;
        }
    }

    private char Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    public static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsLetterOrDigit(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
