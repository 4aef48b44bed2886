using System.Text.Encodings.Web;
using System.Text.Json;
using SchemaStream.Avro.Schemas;
using SchemaStream.Cli.Formats.Avro;
using SchemaStream.Cli.Formats.Json;
using SchemaStream.Cli.Formats.Protobuf;
using SchemaStream.Json;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Formats;

/// <summary>Makes the codec of a schema.</summary>
internal static class SchemaCodecs
{
    /// <summary>How deep JSON that is given may nest.</summary>
    public const int DeepestJson = 512;

    /// <summary>On one line, and without escapes for what need not be escaped.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = DeepestJson };

    /// <summary>The codec of a registered schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="references">All that it refers to, directly or not, each after what it needs.</param>
    /// <param name="style">How Avro's values look.</param>
    /// <param name="message">The Protobuf message that is written; null: the file's first.</param>
    /// <exception cref="CodecException">The schema cannot be understood.</exception>
    public static ISchemaCodec Create(
        RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references, JsonStyle style, string? message = null)
    {
        var texts = NamedReferences.Of(schema.References, references);
        return Create(schema.Format, schema.Text, texts, style, message);
    }

    /// <inheritdoc cref="Create(RegisteredSchema, IReadOnlyList{RegisteredSchema}, JsonStyle, string?)"/>
    public static ISchemaCodec Create(
        SchemaFormat format, string text, IReadOnlyList<NamedReference> references, JsonStyle style, string? message = null)
    {
        try
        {
            return format switch
            {
                SchemaFormat.Avro => new AvroJsonCodec(SchemaTexts.Avro(text, references), style),
                SchemaFormat.Json => new JsonSchemaCodec(SchemaTexts.Json(text, references)),
                SchemaFormat.Protobuf => new ProtobufJsonCodec(SchemaTexts.Protobuf(text, references), message),
                _ => throw new CodecException($"{SchemaFormatNames.NameOf(format)} has no schema"),
            };
        }
        catch (Exception invalid) when (invalid is AvroSchemaException or JsonSchemaException or ProtoSchemaException
            or Google.Protobuf.Reflection.DescriptorValidationException)
        {
            throw new CodecException($"the schema cannot be understood: {invalid.Message}", invalid);
        }
    }

    /// <summary>A payload as JSON in UTF-8: all of it, or an exception.</summary>
    public static byte[] ToJson(this ISchemaCodec codec, ReadOnlySpan<byte> payload)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Writing))
        {
            try
            {
                codec.Decode(payload, writer);
            }
            catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
            {
                // The writer refuses what no JSON is: too deep, half a surrogate pair.
                throw new CodecException($"the value has no JSON: {broken.Message}", broken);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The bytes of a JSON text.</summary>
    /// <exception cref="CodecException">The text is no JSON, or none that the schema describes.</exception>
    public static byte[] FromJson(this ISchemaCodec codec, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Reading);
            return codec.FromJson(document.RootElement);
        }
        catch (JsonException invalid)
        {
            throw new CodecException($"the text is no JSON: {invalid.Message}", invalid);
        }
    }

    /// <summary>The bytes of a JSON value, whatever is wrong with it told in one way.</summary>
    /// <exception cref="CodecException">It is none that the schema describes.</exception>
    public static byte[] FromJson(this ISchemaCodec codec, JsonElement value)
    {
        try
        {
            return codec.Encode(value);
        }
        catch (InvalidOperationException halved)
        {
            // The one thing that a well-formed element refuses to tell.
            throw new CodecException($"a text in the value is no Unicode: {halved.Message}", halved);
        }
    }
}
