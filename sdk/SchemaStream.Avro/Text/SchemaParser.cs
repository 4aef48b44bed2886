using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>Schema text to schema: one pass over the JSON, names known from where they are defined on.</summary>
internal sealed partial class SchemaParser
{
    private static readonly JsonDocumentOptions JsonOptions = new()
    {
        // Apache's parser takes comments, so stored schemas may have them.
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = AvroLimits.MaxJsonDepth,
        AllowDuplicateProperties = false,
    };

    private readonly Dictionary<string, AvroNamedSchema> _names;
    private readonly bool _strict;
    private readonly List<PendingDefault> _defaults = [];
    private int _depth;

    private SchemaParser(Dictionary<string, AvroNamedSchema> names, bool strict)
    {
        _names = names;
        _strict = strict;
    }

    private readonly record struct PendingDefault(AvroField Field, JsonPath Path);

    public static AvroSchema Parse(string text, IEnumerable<AvroSchema> references, AvroValidation validation)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > AvroLimits.MaxTextLength)
        {
            throw new AvroSchemaException(
                "$", $"the text has {text.Length} characters, at most {AvroLimits.MaxTextLength} are accepted");
        }

        var parser = new SchemaParser(NamedTypes.Collect(references), validation == AvroValidation.Strict);
        using var document = ParseJson(text);
        var schema = parser.ParseSchema(document.RootElement, "", JsonPath.Root);
        parser.CheckDefaults();
        return schema;
    }

    private static JsonDocument ParseJson(string text)
    {
        try
        {
            var document = JsonDocument.Parse(text, JsonOptions);
            if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            {
                ReadAllStrings(document.RootElement);
            }

            return document;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair: JSON's grammar lets the escape \ud800 pass alone, but there is no such text.
            throw new AvroSchemaException($"Invalid Avro schema: a string in it is not text. {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException(
                $"Invalid Avro schema at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not valid JSON. {e.Message}", e);
        }
    }

    /// <summary>Extra attributes are kept as JSON and read only when the schema is printed, which would be too late.</summary>
    private static void ReadAllStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAllStrings(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadAllStrings(member.Value);
                }

                break;
            default:
                break;
        }
    }

    private AvroSchema ParseSchema(JsonElement element, string enclosing, JsonPath path)
    {
        // Each schema within a schema is one level, whatever the JSON between them.
        if (++_depth > AvroLimits.MaxSchemaDepth)
        {
            throw new AvroSchemaException(path.ToString(), $"schemas nest more than {AvroLimits.MaxSchemaDepth} levels deep");
        }

        var schema = element.ValueKind switch
        {
            JsonValueKind.String => Refer(element.GetString()!, enclosing, path),
            JsonValueKind.Array => ParseUnion(element, enclosing, path),
            JsonValueKind.Object => ParseObject(element, enclosing, path),
            _ => throw new AvroSchemaException(
                path.ToString(), $"expected a type name, an object or an array, found {Describe(element)}"),
        };
        _depth--;
        if (schema.Height > AvroLimits.MaxSchemaDepth)
        {
            throw new AvroSchemaException(
                path.ToString(), $"types nest more than {AvroLimits.MaxSchemaDepth} levels deep through their names");
        }

        return schema;
    }

    private AvroSchema Refer(string word, string enclosing, JsonPath path)
    {
        if (AvroKindNames.Primitive(word) is { } kind)
        {
            return AvroPrimitiveSchema.Plain(kind);
        }

        // A name without dots is looked for in the enclosing namespace first, then where there is none.
        if (_names.TryGetValue(AvroName.Resolve(word, enclosing).FullName, out var named) || _names.TryGetValue(word, out named))
        {
            return named;
        }

        throw new AvroSchemaException(
            path.ToString(), $"undefined name \"{word}\": neither a type of Avro nor defined before this place or by a reference");
    }

    private AvroSchema ParseObject(JsonElement element, string enclosing, JsonPath path)
    {
        if (!element.TryGetProperty("type", out var type))
        {
            throw new AvroSchemaException(path.ToString(), "a schema object needs a \"type\"");
        }

        if (type.ValueKind != JsonValueKind.String)
        {
            throw new AvroSchemaException(
                path.Member("type").ToString(),
                $"the \"type\" of a schema object is a string, found {Describe(type)}; a type in braces takes the object's place");
        }

        var word = type.GetString()!;
        if (AvroKindNames.Primitive(word) is { } kind)
        {
            var properties = Properties(element, SchemaWords.OfSchema);
            return new AvroPrimitiveSchema(kind, LogicalTypes.Read(properties, kind, 0), properties);
        }

        return word switch
        {
            "record" or "error" => ParseRecord(element, word == "error", enclosing, path),
            "enum" => ParseEnum(element, enclosing, path),
            "fixed" => ParseFixed(element, enclosing, path),
            "array" => new AvroArraySchema(
                ParseSchema(Required(element, "items", path), enclosing, path.Member("items")),
                Properties(element, SchemaWords.OfArray)),
            "map" => new AvroMapSchema(
                ParseSchema(Required(element, "values", path), enclosing, path.Member("values")),
                Properties(element, SchemaWords.OfMap)),
            _ => Refer(word, enclosing, path.Member("type")),
        };
    }

    private AvroUnionSchema ParseUnion(JsonElement element, string enclosing, JsonPath path)
    {
        var branches = new List<AvroSchema>(element.GetArrayLength());
        var seen = new HashSet<string>();
        foreach (var item in element.EnumerateArray())
        {
            var at = path.Item(branches.Count);
            var branch = ParseSchema(item, enclosing, at);
            if (branch.Kind == AvroSchemaKind.Union)
            {
                throw new AvroSchemaException(at.ToString(), "a union may not directly contain a union");
            }

            if (!seen.Add(branch.FullName))
            {
                throw new AvroSchemaException(at.ToString(), $"a union may contain {branch.FullName} only once");
            }

            branches.Add(branch);
        }

        return new AvroUnionSchema(branches);
    }

    private void CheckDefaults()
    {
        if (!_strict)
        {
            return;
        }

        // After everything is read: a default's type may be completed only further on.
        foreach (var (field, path) in _defaults)
        {
            if (DefaultValues.Problem(field.Schema, field.Default!.Value, path) is { } problem)
            {
                throw new AvroSchemaException(problem.Path.ToString(), problem.Text);
            }
        }
    }

    private static List<AvroProperty> Properties(JsonElement element, string[] known)
    {
        var properties = new List<AvroProperty>();
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                properties.Add(new AvroProperty(property.Name, property.Value.Clone()));
            }
        }

        return properties;
    }

    private static JsonElement Required(JsonElement element, string name, JsonPath path) =>
        element.TryGetProperty(name, out var value)
            ? value
            : throw new AvroSchemaException(path.ToString(), $"\"{name}\" is missing");

    internal static string Describe(JsonElement element)
    {
        const int longest = 40;
        var text = element.GetRawText();
        return text.Length <= longest ? text : text[..longest] + "…";
    }
}
