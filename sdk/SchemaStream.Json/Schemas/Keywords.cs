using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>What value a keyword takes.</summary>
internal enum KeywordValue
{
    Schema = 0,
    SchemaMap = 1,
    SchemaList = 2,
    Items = 3,
    Dependencies = 4,
    NamesByName = 5,
    Names = 6,
    Type = 7,
    Number = 8,
    PositiveNumber = 9,
    Count = 10,
    Text = 11,
    Pattern = 12,
    PatternMap = 13,
    Boolean = 14,
    Array = 15,
    BooleanOrSchema = 16,
    BooleanOrNumber = 17,
}

/// <summary>The keywords that JSON Schema gives a meaning to, and since when.</summary>
internal static class Keywords
{
    private sealed record Keyword(KeywordValue Value, JsonSchemaDraft Since, JsonSchemaDraft Until);

    private static readonly Dictionary<string, Keyword> All = Build();

    /// <summary>The types that <c>type</c> can name.</summary>
    public static IReadOnlyList<string> TypeNames { get; } =
        ["array", "boolean", "integer", "null", "number", "object", "string"];

    /// <summary>What a keyword takes in an edition; null if the edition does not know it.</summary>
    public static KeywordValue? Find(string name, JsonSchemaDraft draft) =>
        All.TryGetValue(name, out var keyword) && draft >= keyword.Since && draft <= keyword.Until
            ? keyword.Value
            : null;

    /// <summary>The keyword that names a schema.</summary>
    public static string IdOf(JsonSchemaDraft draft) => draft == JsonSchemaDraft.Draft4 ? "id" : "$id";

    /// <summary>Whether what stands beside <c>$ref</c> counts.</summary>
    public static bool ReadsBesideRef(JsonSchemaDraft draft) => draft >= JsonSchemaDraft.Draft201909;

    /// <summary>The reference of a schema; dynamic ones are followed as they stand. Null if it has none.</summary>
    public static string? ReferenceOf(JsonValue schema, JsonSchemaDraft draft) =>
        schema.FindString("$ref") ?? draft switch
        {
            JsonSchemaDraft.Draft201909 => schema.FindString("$recursiveRef"),
            JsonSchemaDraft.Draft202012 => schema.FindString("$dynamicRef"),
            _ => null,
        };

    private static Dictionary<string, Keyword> Build()
    {
        var all = new Dictionary<string, Keyword>(StringComparer.Ordinal);
        Add(all, KeywordValue.SchemaMap, JsonSchemaDraft.Draft4, "properties", "definitions", "$defs");
        Add(all, KeywordValue.PatternMap, JsonSchemaDraft.Draft4, "patternProperties");
        Add(all, KeywordValue.SchemaList, JsonSchemaDraft.Draft4, "allOf", "anyOf", "oneOf");
        Add(all, KeywordValue.Schema, JsonSchemaDraft.Draft4, "not");
        Add(all, KeywordValue.BooleanOrSchema, JsonSchemaDraft.Draft4, "additionalProperties");
        Add(all, KeywordValue.Items, JsonSchemaDraft.Draft4, "items");
        Add(all, KeywordValue.Dependencies, JsonSchemaDraft.Draft4, "dependencies");
        Add(all, KeywordValue.Names, JsonSchemaDraft.Draft4, "required");
        Add(all, KeywordValue.Type, JsonSchemaDraft.Draft4, "type");
        Add(all, KeywordValue.Number, JsonSchemaDraft.Draft4, "maximum", "minimum");
        Add(all, KeywordValue.BooleanOrNumber, JsonSchemaDraft.Draft4, "exclusiveMaximum", "exclusiveMinimum");
        Add(all, KeywordValue.PositiveNumber, JsonSchemaDraft.Draft4, "multipleOf");
        Add(all, KeywordValue.Count, JsonSchemaDraft.Draft4, "maxLength", "minLength", "maxItems", "minItems");
        Add(all, KeywordValue.Count, JsonSchemaDraft.Draft4, "maxProperties", "minProperties");
        Add(all, KeywordValue.Text, JsonSchemaDraft.Draft4, "title", "description", "$schema", "$ref", "format");
        Add(all, KeywordValue.Pattern, JsonSchemaDraft.Draft4, "pattern");
        Add(all, KeywordValue.Boolean, JsonSchemaDraft.Draft4, "uniqueItems");
        Add(all, KeywordValue.Array, JsonSchemaDraft.Draft4, "enum");
        all["id"] = new Keyword(KeywordValue.Text, JsonSchemaDraft.Draft4, JsonSchemaDraft.Draft4);
        all["additionalItems"] =
            new Keyword(KeywordValue.BooleanOrSchema, JsonSchemaDraft.Draft4, JsonSchemaDraft.Draft201909);
        Add(all, KeywordValue.Schema, JsonSchemaDraft.Draft6, "contains", "propertyNames");
        Add(all, KeywordValue.Text, JsonSchemaDraft.Draft6, "$id");
        Add(all, KeywordValue.Array, JsonSchemaDraft.Draft6, "examples");
        Add(all, KeywordValue.Schema, JsonSchemaDraft.Draft7, "if", "then", "else");
        Add(all, KeywordValue.Text, JsonSchemaDraft.Draft7, "$comment", "contentEncoding", "contentMediaType");
        Add(all, KeywordValue.Boolean, JsonSchemaDraft.Draft7, "readOnly", "writeOnly");
        Add(all, KeywordValue.Schema, JsonSchemaDraft.Draft201909, "unevaluatedItems", "unevaluatedProperties", "contentSchema");
        Add(all, KeywordValue.SchemaMap, JsonSchemaDraft.Draft201909, "dependentSchemas");
        Add(all, KeywordValue.NamesByName, JsonSchemaDraft.Draft201909, "dependentRequired");
        Add(all, KeywordValue.Count, JsonSchemaDraft.Draft201909, "minContains", "maxContains");
        Add(all, KeywordValue.Text, JsonSchemaDraft.Draft201909, "$anchor");
        Add(all, KeywordValue.Boolean, JsonSchemaDraft.Draft201909, "deprecated");
        all["$recursiveRef"] =
            new Keyword(KeywordValue.Text, JsonSchemaDraft.Draft201909, JsonSchemaDraft.Draft201909);
        Add(all, KeywordValue.SchemaList, JsonSchemaDraft.Draft202012, "prefixItems");
        Add(all, KeywordValue.Text, JsonSchemaDraft.Draft202012, "$dynamicAnchor", "$dynamicRef");
        return all;
    }

    private static void Add(
        Dictionary<string, Keyword> all, KeywordValue value, JsonSchemaDraft since, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            all[name] = new Keyword(value, since, JsonSchemaDraft.Draft202012);
        }
    }
}
