using System.Text;

namespace SchemaStream.Generators.Json;

/// <summary>A parsed text.</summary>
internal sealed class JsonDocument : IDisposable
{
    private const int DefaultMaxDepth = 64;

    private JsonDocument(JsonElement root) => RootElement = root;

    public JsonElement RootElement { get; }

    public static JsonDocument Parse(string json, JsonDocumentOptions options = default) =>
        new(new JsonElement(new Reader(json, options).ReadAll()));

    public void Dispose()
    {
        // Nothing is pooled here; the linked files say `using` as they must with the framework's.
    }

    private ref struct Reader(string text, JsonDocumentOptions options)
    {
        private readonly int _maxDepth = options.MaxDepth == 0 ? DefaultMaxDepth : options.MaxDepth;
        private int _at;
        private int _depth;

        public JsonNode ReadAll()
        {
            var value = ReadValue();
            SkipSpace();
            return _at == text.Length ? value : throw Fault("there is text behind the value");
        }

        private JsonNode ReadValue()
        {
            SkipSpace();
            if (_at >= text.Length)
            {
                throw Fault("the text ends where a value should be");
            }

            return text[_at] switch
            {
                '{' => ReadParts(JsonValueKind.Object, '}'),
                '[' => ReadParts(JsonValueKind.Array, ']'),
                '"' => ReadText(),
                't' => ReadWord("true", JsonValueKind.True),
                'f' => ReadWord("false", JsonValueKind.False),
                'n' => ReadWord("null", JsonValueKind.Null),
                _ => ReadNumber(),
            };
        }

        private JsonNode ReadParts(JsonValueKind kind, char end)
        {
            if (++_depth > _maxDepth)
            {
                throw Fault($"the values nest more than {_maxDepth} levels deep");
            }

            var node = new JsonNode(kind, text, _at++);
            var names = new HashSet<string>();
            SkipSpace();
            while (!Take(end))
            {
                if (node.Children.Count > 0)
                {
                    Demand(',');
                    SkipSpace();
                }

                var name = kind == JsonValueKind.Object ? ReadName() : null;
                if (name is not null && !names.Add(name) && !options.AllowsDuplicates)
                {
                    throw Fault($"the member \"{name}\" is there twice");
                }

                var child = ReadValue();
                child.Name = name;
                node.Children.Add(child);
                SkipSpace();
            }

            _depth--;
            node.Length = _at - node.Start;
            return node;
        }

        private string ReadName()
        {
            var name = _at < text.Length && text[_at] == '"' ? ReadText().Text! : throw Fault("a member's name is a string");
            SkipSpace();
            Demand(':');
            return name;
        }

        private JsonNode ReadText()
        {
            var node = new JsonNode(JsonValueKind.String, text, _at++);
            var output = new StringBuilder();
            while (true)
            {
                if (_at >= text.Length || text[_at] < ' ')
                {
                    throw Fault("the string has no end, or a control character");
                }

                var c = text[_at++];
                if (c == '"')
                {
                    break;
                }

                output.Append(c == '\\' ? ReadEscape() : c);
            }

            node.Text = output.ToString();
            node.Length = _at - node.Start;
            return node;
        }

        private char ReadEscape()
        {
            var c = _at < text.Length ? text[_at++] : '\0';
            if (c == 'u' && _at + 4 <= text.Length
                && ushort.TryParse(text.Substring(_at, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
            {
                _at += 4;
                return (char)code;
            }

            return c switch
            {
                '"' or '\\' or '/' => c,
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => throw Fault("there is no such escape"),
            };
        }

        private JsonNode ReadWord(string word, JsonValueKind kind)
        {
            if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0)
            {
                throw Fault("that is no value");
            }

            var node = new JsonNode(kind, text, _at) { Length = word.Length };
            _at += word.Length;
            return node;
        }

        private JsonNode ReadNumber()
        {
            var node = new JsonNode(JsonValueKind.Number, text, _at);
            _ = Take('-');
            if (!Take('0'))
            {
                Digits();
            }

            if (Take('.'))
            {
                Digits();
            }

            if (Take('e') || Take('E'))
            {
                _ = Take('+') || Take('-');
                Digits();
            }

            node.Length = _at - node.Start;
            return node;
        }

        private void Digits()
        {
            var first = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            if (_at == first)
            {
                throw Fault("that is no value");
            }
        }

        private void SkipSpace()
        {
            while (_at < text.Length)
            {
                if (text[_at] is ' ' or '\t' or '\r' or '\n')
                {
                    _at++;
                }
                else if (options.CommentHandling == JsonCommentHandling.Skip && text[_at] == '/')
                {
                    SkipComment();
                }
                else
                {
                    return;
                }
            }
        }

        private void SkipComment()
        {
            var isLine = string.CompareOrdinal(text, _at, "//", 0, 2) == 0;
            if (!isLine && string.CompareOrdinal(text, _at, "/*", 0, 2) != 0)
            {
                throw Fault("that is no value");
            }

            var end = text.IndexOf(isLine ? "\n" : "*/", _at + 2, StringComparison.Ordinal);
            if (end < 0 && !isLine)
            {
                throw Fault("the comment has no end");
            }

            _at = end < 0 ? text.Length : end + (isLine ? 1 : 2);
        }

        private bool Take(char wanted)
        {
            if (_at >= text.Length || text[_at] != wanted)
            {
                return false;
            }

            _at++;
            return true;
        }

        private void Demand(char wanted)
        {
            if (!Take(wanted))
            {
                throw Fault($"expected '{wanted}'");
            }
        }

        private readonly JsonException Fault(string problem)
        {
            var read = text.Substring(0, Math.Min(_at, text.Length));
            var line = read.Count(c => c == '\n');
            return new JsonException(problem, line, read.Length - 1 - read.LastIndexOf('\n'));
        }
    }
}

/// <summary>How a text is parsed.</summary>
internal struct JsonDocumentOptions
{
    public JsonCommentHandling CommentHandling { get; set; }

    public int MaxDepth { get; set; }

    public bool AllowDuplicateProperties
    {
        readonly get => AllowsDuplicates;
        set => AllowsDuplicates = value;
    }

    internal bool AllowsDuplicates { get; private set; }
}

/// <summary>What becomes of comments.</summary>
internal enum JsonCommentHandling
{
    Disallow,
    Skip,
}

/// <summary>A text that is not JSON.</summary>
internal sealed class JsonException(string message, long line, long position) : Exception(message)
{
    /// <summary>The line, from 0.</summary>
    public long? LineNumber { get; } = line;

    /// <summary>The place in the line, from 0.</summary>
    public long? BytePositionInLine { get; } = position;
}
