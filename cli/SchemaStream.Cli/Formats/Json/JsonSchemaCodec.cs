using System.Text.Json;
using SchemaStream.Json;
using SchemaStream.Json.Validation;

namespace SchemaStream.Cli.Formats.Json;

/// <summary>JSON is what it is; writing holds it against its schema.</summary>
internal sealed class JsonSchemaCodec(JsonSchema schema) : ISchemaCodec
{
    private const int Deepest = 500;

    private readonly JsonSchemaValidator _validator = new(schema, maxDepth: 64);

    public SchemaFormat Format => SchemaFormat.Json;

    public string TypeName => schema.ContractName ?? "";

    public byte[] Encode(JsonElement value)
    {
        var bytes = Compact(value);
        return _validator.Validate(bytes) is { } violation ? throw new CodecException(violation.ToString()) : bytes;
    }

    public void Decode(ReadOnlySpan<byte> payload, Utf8JsonWriter output)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = Deepest });
            using var document = JsonDocument.ParseValue(ref reader);
            while (reader.Read())
            {
                // A second value fails here.
            }

            document.RootElement.WriteTo(output);
        }
        catch (JsonException invalid)
        {
            throw new CodecException($"not JSON: {invalid.Message}", invalid);
        }
    }

    private static byte[] Compact(JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, SchemaCodecs.Writing))
        {
            value.WriteTo(writer);
        }

        return bytes.ToArray();
    }
}
