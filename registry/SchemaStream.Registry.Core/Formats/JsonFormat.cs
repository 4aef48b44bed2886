using SchemaStream.Json;
using SchemaStream.Json.Compatibility;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>JSON Schema as the registry understands it. The rules are the JSON room's; the layout is Confluent's.</summary>
public sealed class JsonFormat : ISchemaFormatSupport
{
    public SchemaFormat Format => SchemaFormat.Json;

    public Outcome<ParsedSchema> Parse(
        string text, IReadOnlyList<ResolvedReference> references, SchemaStrictness strictness)
    {
        try
        {
            return new JsonParsedSchema(JsonSchema.Parse(
                text,
                [.. references.Select(reference => new JsonSchemaReference(reference.Name, reference.Text))],
                strictness == SchemaStrictness.Strict ? JsonSchemaValidation.Strict : JsonSchemaValidation.Lenient));
        }
        catch (JsonSchemaException invalid)
        {
            return RegistryError.InvalidSchema($"Invalid JSON Schema: {invalid.Message}");
        }
    }

    public IReadOnlyList<CompatibilityViolation> CheckReads(
        ParsedSchema reader, ParsedSchema writer, CompatibilityPolicy policy)
    {
        try
        {
            return JsonCompatibility.Check(
                ((JsonParsedSchema)reader).Schema,
                ((JsonParsedSchema)writer).Schema,
                policy == CompatibilityPolicy.Lenient ? JsonCompatibilityPolicy.Lenient : JsonCompatibilityPolicy.Strict);
        }
        catch (JsonSchemaException tooLarge)
        {
            // Beyond the limits of a comparison nothing can be promised, so nothing is.
            return [new CompatibilityViolation("TYPE_CHANGED", "#/", tooLarge.Message)];
        }
    }

    public string Describe(CompatibilityViolation violation, ReaderRole roles)
    {
        var (reader, writer) = roles == ReaderRole.NewReadsOld ? ("new", "old") : ("old", "new");
        var description = violation.Message
            .Replace("The reader", $"The {reader} schema", StringComparison.Ordinal)
            .Replace("the reader", $"the {reader} schema", StringComparison.Ordinal)
            .Replace("the writer", $"the {writer} schema", StringComparison.Ordinal);

        // The quotes do not pair, and tools that read these messages know them so.
        return $"{{errorType:\"{violation.Kind}\", description:\"{description}'}}";
    }
}

/// <summary>A JSON Schema with what it refers to.</summary>
internal sealed class JsonParsedSchema(JsonSchema schema) : ParsedSchema
{
    public JsonSchema Schema { get; } = schema;

    public override SchemaFormat Format => SchemaFormat.Json;

    public override string StoredText => Schema.ToJson();

    public override string NormalizedText => Schema.ToNormalForm();

    public override string? TypeName => Schema.ContractName;

    public override IReadOnlyCollection<string> TopLevelFields => Schema.PropertyNames;

    public override IReadOnlyList<EntityTags> InlineTags => JsonTags.In(StoredText);

    public override Outcome<string> WithTags(IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove) =>
        add.Count == 0 && remove.Count == 0 ? StoredText : JsonTags.Change(StoredText, add, remove);

    public override string TextAs(string format) => StoredText;
}
