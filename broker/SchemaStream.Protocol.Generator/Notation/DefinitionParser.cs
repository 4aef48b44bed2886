using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaStream.Protocol.Generator.Notation;

/// <summary>Reads the notation of <c>Messages/README.md</c>. Goes on after an error, so that a file shows all of them at once.</summary>
internal sealed class DefinitionParser
{
    private static readonly Regex Name = new("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant);

    private static readonly Dictionary<string, MessageKind> Kinds = new(StringComparer.Ordinal)
    {
        ["request"] = MessageKind.Request,
        ["response"] = MessageKind.Response,
        ["record"] = MessageKind.Record,
        ["data"] = MessageKind.Data,
    };

    private readonly List<SourceLine> _lines;
    private readonly List<DefinitionError> _errors = [];
    private int _next;

    private DefinitionParser(string text)
    {
        _lines = [.. SourceLine.Split(text)];
    }

    public static DefinitionFile Parse(string text)
    {
        var parser = new DefinitionParser(text);
        var messages = parser.Messages();
        return new DefinitionFile(new([.. messages]), new([.. parser._errors.OrderBy(error => error.Line)]));
    }

    private List<MessageDefinition> Messages()
    {
        var messages = new List<MessageDefinition>();
        var doc = new List<string>();
        while (_next < _lines.Count)
        {
            var line = _lines[_next++];
            if (line.Words.Count == 0)
            {
                doc.Add(line.Comment);
            }
            else if (line.Indentation > 0)
            {
                Error(line, line.Words[0], "stands outside of a message: begin with request, response, record or data");
            }
            else
            {
                var body = new List<FieldNode>();
                ReadFields(body, depth: 1);
                if (Header(line) is { } header)
                {
                    var builder = new DefinitionBuilder(_errors, header with { Doc = string.Join(" ", doc) });
                    messages.Add(builder.Build(body));
                }

                doc.Clear();
            }
        }

        DefinitionBuilder.CheckPairs(messages, _lines, _errors);
        return messages;
    }

    private void ReadFields(List<FieldNode> fields, int depth)
    {
        while (_next < _lines.Count)
        {
            var line = _lines[_next];
            if (line.Words.Count == 0)
            {
                if (_lines.Skip(_next).FirstOrDefault(later => later.Words.Count > 0) is { Indentation: > 0 })
                {
                    _next++;
                    continue;
                }

                return; // The comment belongs to the message that follows.
            }

            if (line.Indentation % SourceLine.SpacesPerLevel != 0 || line.Depth > depth)
            {
                Error(line, line.Words[0], $"is indented by {line.Indentation} spaces: expected {depth * SourceLine.SpacesPerLevel} or fewer, in steps of {SourceLine.SpacesPerLevel}");
                _next++;
            }
            else if (line.Depth < depth)
            {
                return;
            }
            else
            {
                _next++;
                var children = new List<FieldNode>();
                ReadFields(children, depth + 1);
                if (Field(line) is { } field)
                {
                    fields.Add(field with { Children = children });
                }
            }
        }
    }

    private MessageDefinition? Header(SourceLine line)
    {
        var words = new Queue<Word>(line.Words);
        var kindWord = words.Dequeue();
        if (!Kinds.TryGetValue(kindWord.Text, out var kind))
        {
            Error(line, kindWord, $"'{kindWord.Text}' does not begin a message: expected request, response, record or data");
            return null;
        }

        short number = -1;
        if (kind != MessageKind.Data
            && !(words.Count > 0 && short.TryParse(words.Dequeue().Text, NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            Error(line, kindWord, $"expected a number after '{kindWord.Text}'");
            return null;
        }

        if (words.Count == 0 || !Name.IsMatch(words.Peek().Text))
        {
            Error(line, kindWord, "expected the message's name, in PascalCase");
            return null;
        }

        var name = words.Dequeue().Text;
        if (!Clause(line, words, "versions", out var versions))
        {
            Error(line, line.Words[line.Words.Count - 1], "expected 'versions' with a range such as 0-3");
            return null;
        }

        var flexible = VersionRange.None;
        if (words.Count > 0 && !Clause(line, words, "flexible", out flexible))
        {
            Error(line, line.Words[line.Words.Count - 1], "expected 'flexible' with a range such as 2+, or 'flexible none'");
            return null;
        }

        return Finish(line, words, new MessageDefinition(kind, number, name, versions, flexible, "", new("", versions, default), default));
    }

    private MessageDefinition? Finish(SourceLine line, Queue<Word> rest, MessageDefinition header)
    {
        if (rest.Count > 0)
        {
            Error(line, rest.Peek(), $"'{rest.Peek().Text}' does not belong here");
            return null;
        }

        if (header.Versions.Last == short.MaxValue)
        {
            Error(line, line.Words[0], "a message has a last version: write 0-3 rather than 0+");
            return null;
        }

        var suffix = header.Kind is MessageKind.Request or MessageKind.Response ? header.Kind.ToString() : "";
        return header with { Root = header.Root with { Name = header.Name + suffix } };
    }

    private static bool Clause(SourceLine line, Queue<Word> words, string keyword, out VersionRange range)
    {
        range = VersionRange.None;
        if (words.Count == 0 || words.Peek().Text != keyword)
        {
            return false;
        }

        words.Dequeue();
        if (words.Count == 0)
        {
            return false;
        }

        var text = words.Dequeue().Text;
        return (text == "none" && keyword == "flexible") || VersionRange.TryParse(text, out range);
    }

    private FieldNode? Field(SourceLine line)
    {
        var words = new Queue<Word>(line.Words);
        var first = words.Dequeue();
        if (first.Text == "struct")
        {
            if (line.Words.Count == 2 && line.Depth == 1 && Name.IsMatch(line.Words[1].Text))
            {
                return new FieldNode(line, line.Words[1].Text, null, VersionRange.All, VersionRange.None, null, null);
            }

            Error(line, first, "expected 'struct Name' at the level of the message's fields");
            return null;
        }

        if (!Name.IsMatch(first.Text))
        {
            Error(line, first, $"'{first.Text}' is not a field name in PascalCase");
            return null;
        }

        if (words.Count == 0 || !FieldTypeParser.TryParse(words.Dequeue(), out var type, out var nullable))
        {
            Error(line, line.Words[Math.Min(1, line.Words.Count - 1)], $"expected a type after {first.Text}: {string.Join(", ", Primitives.Words)} or a struct, with [] before it and ? behind it");
            return null;
        }

        return Clauses(line, words, new FieldNode(line, first.Text, type, VersionRange.All, nullable, null, null));
    }

    private FieldNode? Clauses(SourceLine line, Queue<Word> words, FieldNode field)
    {
        if (words.Count > 0 && VersionRange.TryParse(words.Peek().Text, out var versions))
        {
            words.Dequeue();
            field = field with { Versions = versions };
        }

        while (words.Count > 0)
        {
            var word = words.Dequeue();
            if (word.Text == "tag" && words.Count > 0
                && int.TryParse(words.Peek().Text, NumberStyles.None, CultureInfo.InvariantCulture, out var tag))
            {
                words.Dequeue();
                field = field with { Tag = tag };
            }
            else if (word.Text == "=" && words.Count > 0)
            {
                field = field with { Default = words.Dequeue().Text };
            }
            else
            {
                Error(line, word, $"'{word.Text}' does not belong here: expected versions, then 'tag N' or '= default'");
                return null;
            }
        }

        return field;
    }

    private void Error(SourceLine line, Word word, string text) =>
        _errors.Add(new DefinitionError(ErrorKind.Syntax, line.Number, word.Column, word.Text.Length, text));
}

/// <summary>A field as it was written; a null type is a <c>struct</c> line.</summary>
internal sealed record FieldNode(
    SourceLine Line,
    string Name,
    FieldType? Type,
    VersionRange Versions,
    VersionRange Nullable,
    int? Tag,
    string? Default)
{
    public IReadOnlyList<FieldNode> Children { get; init; } = [];
}
