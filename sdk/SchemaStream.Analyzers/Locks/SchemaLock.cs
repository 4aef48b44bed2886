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
            Member(output, "compatibility", entry.Compatibility);
            output.Append("      \"schema\": ");
            Pretty(output, entry.Schema);
            output.Append("\n    }");
        }

        return output.Append(count == 0 ? "]\n}\n" : "\n  ]\n}\n").ToString();
    }

    private static LockEntry ReadEntry(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("schema", out var schema))
        {
            throw new FormatException("a contract is an object with \"type\", \"format\", \"compatibility\" and \"schema\"");
        }

        return new LockEntry(
            Text(element, "topic"),
            Text(element, "slot"),
            Text(element, "type") ?? throw new FormatException("a contract needs its \"type\""),
            Text(element, "format") ?? "AVRO",
            Text(element, "compatibility") ?? "BACKWARD",
            schema.GetRawText());
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Member(StringBuilder output, string name, string value) =>
        output.Append("      \"").Append(name).Append("\": \"").Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append("\",\n");

    /// <summary>Schema text with each field of a record on a line of its own: that is what a review looks at.</summary>
    private static void Pretty(StringBuilder output, string schema)
    {
        var indent = 6;
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
                case '{' or '}':
                    output.Append(c);
                    _ = c == '{' ? Push(open) : open.Count > 0 && open.Pop();
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

    private static bool Push(Stack<bool> open)
    {
        open.Push(false);
        return false;
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

/// <summary>One promise: of a topic's slot, or of a contract's type.</summary>
/// <param name="Topic">The topic; null for a type alone.</param>
/// <param name="Slot"><c>key</c> or <c>value</c>; null for a type alone.</param>
/// <param name="Type">The C# type by its full name, such as <c>Acme.Page&lt;Acme.Order&gt;</c>.</param>
/// <param name="Format">AVRO.</param>
/// <param name="Compatibility">The level in the registry's words, or <c>FROZEN</c>.</param>
/// <param name="Schema">The schema's text.</param>
internal sealed record LockEntry(string? Topic, string? Slot, string Type, string Format, string Compatibility, string Schema)
{
    public const string Frozen = "FROZEN";

    /// <summary>What messages call it.</summary>
    public string Name => Topic is null ? Type : $"{Topic}/{Slot}";
}
