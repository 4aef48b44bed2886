using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Analyzers.Locks;

/// <summary>
/// <c>schemas.lock</c>: the schemas that are promised, in a file that is reviewed with the code. The command line writes it,
/// the analyzer reads it; this file is compiled into both.
/// </summary>
internal static class SchemaLock
{
    public const string FileName = "schemas.lock";
    public const int Version = 1;

    private const int MaxDepth = 700;

    /// <summary>The entries of a lock file's text.</summary>
    /// <exception cref="FormatException">The text is no lock file; the message says why.</exception>
    public static List<LockEntry> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, MaxDepth = MaxDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var version)
                || !version.TryGetInt32(out var number) || number != Version)
            {
                throw new FormatException($"expected an object with \"version\": {Version}; a newer schemastream may have written it");
            }

            var entries = new List<LockEntry>();
            if (root.TryGetProperty("contracts", out var contracts) && contracts.ValueKind == JsonValueKind.Array)
            {
                foreach (var contract in contracts.EnumerateArray())
                {
                    entries.Add(ReadEntry(contract));
                }
            }

            return entries;
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {e.LineNumber + 1}: {e.Message}", e);
        }
    }

    /// <summary>The text of a lock file: entries in an order that does not depend on the machine, schemas one field a line.</summary>
    public static string Write(IEnumerable<LockEntry> entries)
    {
        var output = new StringBuilder("{\n  \"version\": 1,\n  \"contracts\": [");
        var count = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            output.Append(count++ == 0 ? "\n" : ",\n").Append("    {\n");
            if (entry.Topic is not null)
            {
                Member(output, "topic", entry.Topic);
                Member(output, "slot", entry.Slot ?? "value");
            }

            Member(output, "type", entry.Type);
            Member(output, "format", entry.Format);
            if (entry.Message is not null)
            {
                Member(output, "message", entry.Message);
            }

            Member(output, "compatibility", entry.Compatibility);
            output.Append("      \"schema\": ");
            Schema(output, entry, entry.Schema, 6);
            foreach (var (name, text) in entry.References)
            {
                output.Append(name == entry.References[0].Name ? ",\n      \"references\": {\n        " : ",\n        ");
                Text(output, name).Append(": ");
                Schema(output, entry, text, 8);
            }

            output.Append(entry.References.Count == 0 ? "\n    }" : "\n      }\n    }");
        }

        return output.Append(count == 0 ? "]\n}\n" : "\n  ]\n}\n").ToString();
    }

    private static LockEntry ReadEntry(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("schema", out var schema))
        {
            throw new FormatException("a contract is an object with \"type\", \"format\", \"compatibility\" and \"schema\"");
        }

        var format = Text(element, "format") ?? LockEntry.Avro;
        IReadOnlyList<(string Name, string Text)> references = element.TryGetProperty("references", out var named) && named.ValueKind == JsonValueKind.Object
            ? [.. named.EnumerateObject().Select(reference => (reference.Name, SchemaOf(reference.Value, format)))]
            : [];
        return new LockEntry(
            Text(element, "topic"),
            Text(element, "slot"),
            Text(element, "type") ?? throw new FormatException("a contract needs its \"type\""),
            format,
            Text(element, "compatibility") ?? "BACKWARD",
            SchemaOf(schema, format))
        {
            Message = Text(element, "message"), References = references,
        };
    }

    /// <summary>A schema's text: of Protobuf it stands there line by line, of the others as the JSON that it is.</summary>
    private static string SchemaOf(JsonElement schema, string format)
    {
        if (format != LockEntry.Protobuf)
        {
            return schema.GetRawText();
        }

        if (schema.ValueKind != JsonValueKind.Array || schema.EnumerateArray().Any(line => line.ValueKind != JsonValueKind.String))
        {
            throw new FormatException("the schema of a PROTOBUF contract is a list of its lines");
        }

        return string.Join("\n", schema.EnumerateArray().Select(line => line.GetString()));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Member(StringBuilder output, string name, string value) =>
        Text(output.Append("      \"").Append(name).Append("\": "), value).Append(",\n");

    private static StringBuilder Text(StringBuilder output, string value)
    {
        output.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => output.Append('\\').Append(c),
                < ' ' => output.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => output.Append(c),
            };
        }

        return output.Append('"');
    }

    private static void Schema(StringBuilder output, LockEntry entry, string schema, int indent)
    {
        if (entry.Format != LockEntry.Protobuf)
        {
            Pretty(output, schema, indent);
            return;
        }

        var count = 0;
        foreach (var line in schema.Split('\n'))
        {
            output.Append(count++ == 0 ? "[\n" : ",\n").Append(' ', indent + 2);
            Text(output, line);
        }

        output.Append('\n').Append(' ', indent).Append(']');
    }

    /// <summary>Schema text with each field or property on a line of its own: that is what a review looks at.</summary>
    private static void Pretty(StringBuilder output, string schema, int indent)
    {
        var open = new Stack<bool>();
        var isInText = false;
        for (var i = 0; i < schema.Length; i++)
        {
            var c = schema[i];
            if (isInText)
            {
                output.Append(c);
                if (c == '\\')
                {
                    output.Append(schema[++i]);
                }

                isInText = c != '"';
                continue;
            }

            switch (c)
            {
                case '[':
                    // The fields of a record open lines; symbols, branches and aliases stay on theirs.
                    var opensLines = i + 1 < schema.Length && schema[i + 1] == '{' && EndsWith(output, "\"fields\": ");
                    open.Push(opensLines);
                    output.Append(c);
                    indent += opensLines ? 2 : 0;
                    Line(output, opensLines, indent);
                    break;
                case ']':
                    var closesLines = open.Count > 0 && open.Pop();
                    indent -= closesLines ? 2 : 0;
                    Line(output, closesLines, indent);
                    output.Append(c);
                    break;
                case '{':
                    // So do the properties of an object and the types within a schema.
                    var opensMembers = i + 1 < schema.Length && schema[i + 1] != '}'
                        && (EndsWith(output, "\"properties\": ") || EndsWith(output, "\"definitions\": ") || EndsWith(output, "\"$defs\": "));
                    open.Push(opensMembers);
                    output.Append(c);
                    indent += opensMembers ? 2 : 0;
                    Line(output, opensMembers, indent);
                    break;
                case '}':
                    var closesMembers = open.Count > 0 && open.Pop();
                    indent -= closesMembers ? 2 : 0;
                    Line(output, closesMembers, indent);
                    output.Append(c);
                    break;
                case ',':
                    output.Append(c);
                    var isBetweenFields = open.Count > 0 && open.Peek();
                    Line(output, isBetweenFields, indent);
                    output.Append(isBetweenFields ? "" : " ");
                    break;
                case ':':
                    output.Append(": ");
                    break;
                case ' ' or '\n' or '\r' or '\t':
                    break;
                default:
                    output.Append(c);
                    isInText = c == '"';
                    break;
            }
        }
    }

    private static bool EndsWith(StringBuilder output, string ending) =>
        output.Length >= ending.Length && output.ToString(output.Length - ending.Length, ending.Length) == ending;

    private static void Line(StringBuilder output, bool isWanted, int indent)
    {
        if (isWanted)
        {
            output.Append('\n').Append(' ', indent);
        }
    }
}
