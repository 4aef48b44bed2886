using SchemaStream.Json.Schemas;
using SchemaStream.Json.Text;

namespace SchemaStream.Json;

/// <summary>
/// A JSON Schema: its text, understood and held against its draft, with every <c>$ref</c> resolved. Compare two of them
/// with <see cref="Compatibility.JsonCompatibility"/>.
/// </summary>
/// <remarks>
/// Nothing is fetched from the network: what a schema refers to is either within it, among the references given, or one
/// of JSON Schema's own. An instance is not safe for several threads at once; it is cheap to parse another.
/// </remarks>
public sealed class JsonSchema
{
    private readonly JsonValue _value;

    private JsonSchema(JsonValue value, SchemaSet set)
    {
        _value = value;
        Root = set.Root;
    }

    /// <summary>The edition that <c>$schema</c> names; draft 7 if it names none.</summary>
    public JsonSchemaDraft Draft => Root.Value.IsObject ? Root.Place.Draft : JsonSchemaDraft.Draft7;

    /// <summary>The schema's <c>title</c>, if it has one.</summary>
    public string? Title => _value.FindString("title");

    /// <summary>The schema's <c>$id</c> (<c>id</c> in draft 4), if it has one.</summary>
    public string? Id => _value.FindString(Keywords.IdOf(Draft));

    /// <summary>What a topic contract calls the type: the title, else the id, else nothing.</summary>
    public string? ContractName => Title is { Length: > 0 } title ? title : Id is { Length: > 0 } id ? id : null;

    /// <summary>The names of the properties that the schema itself lists, in the order of the text.</summary>
    public IReadOnlyList<string> PropertyNames =>
        [.. _value.Find("properties")?.Members.Select(member => member.Name) ?? []];

    internal SchemaNode Root { get; }

    internal JsonValue Value => _value;

    /// <summary>Reads a schema.</summary>
    /// <param name="text">The schema as JSON.</param>
    /// <exception cref="JsonSchemaException">The text is no schema of its draft, or beyond a limit.</exception>
    public static JsonSchema Parse(string text) => Parse(text, []);

    /// <summary>Reads a schema that refers to others.</summary>
    /// <param name="text">The schema as JSON.</param>
    /// <param name="references">The schemas that its <c>$ref</c>s may lead to, by the names they are referred to under.</param>
    /// <param name="validation">How strictly the text is held against its draft.</param>
    /// <exception cref="JsonSchemaException">The text is no schema of its draft, or beyond a limit.</exception>
    public static JsonSchema Parse(
        string text,
        IReadOnlyList<JsonSchemaReference> references,
        JsonSchemaValidation validation = JsonSchemaValidation.Strict)
    {
        var value = JsonReader.Read(text);
        return new JsonSchema(value, new SchemaSet(value, references, validation));
    }

    /// <summary>The schema without white space, its members in the order of the text.</summary>
    public string ToJson() => JsonPrinter.Print(_value);

    /// <summary>One text for schemas that differ in layout and in the order of members alone.</summary>
    /// <remarks>
    /// Numbers stay as they were written: Confluent's registry keeps <c>1</c> and <c>1.0</c> apart here, and what it stored
    /// has to be found again. Compared with each other they are equal, as JSON Schema says.
    /// </remarks>
    public string ToNormalForm() => JsonPrinter.PrintSorted(_value);

    /// <summary>The schema's text; the same as <see cref="ToJson"/>.</summary>
    public override string ToString() => ToJson();
}
