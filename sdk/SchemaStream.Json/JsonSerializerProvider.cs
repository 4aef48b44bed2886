using SchemaStream.Json.Types;

namespace SchemaStream.Json;

/// <summary>JSON as the SDK's plug-in: System.Text.Json, with a JSON Schema that is derived from the type or given.</summary>
public sealed class JsonSerializerProvider : ISchemaSerializerProvider
{
    private readonly JsonFormatOptions _options;

    /// <summary>Makes the provider with the default settings.</summary>
    public JsonSerializerProvider()
        : this(new JsonFormatOptions())
    {
    }

    /// <summary>Makes the provider.</summary>
    /// <param name="options">How to write, read and validate.</param>
    public JsonSerializerProvider(JsonFormatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Json;

    /// <inheritdoc/>
    public ISchemaSerializer<T> CreateSerializer<T>() => new JsonSchemaSerializer<T>(_options);

    /// <inheritdoc/>
    public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references) =>
        new JsonSchemaDeserializer<T>(Parse(writer, references), _options);

    /// <inheritdoc/>
    public string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references) =>
        Parse(schema, references).ContractName;

    private static JsonSchema Parse(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(references);
        if (schema.Format != SchemaFormat.Json)
        {
            throw new SchemaSerializationException(
                $"The schema {schema.Id} is {SchemaFormatNames.NameOf(schema.Format)}, not {SchemaFormatNames.NameOf(SchemaFormat.Json)}.");
        }

        try
        {
            // Some registry took these texts, perhaps by rules looser than ours: what can be used is used.
            return JsonSchema.Parse(schema.Text, NamedReferences.Of(schema, references), JsonSchemaValidation.Lenient);
        }
        catch (JsonSchemaException invalid)
        {
            throw new SchemaSerializationException($"The schema {schema.Id} is no JSON Schema: {invalid.Message}", invalid);
        }
    }
}
