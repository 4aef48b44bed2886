using System.Text;
using System.Text.Json;

namespace SchemaStream.Json.Text;

/// <summary>Reads a JSON text within the limits on its size and depth.</summary>
internal static class JsonReader
{
    public static JsonValue Read(string text)
    {
        if (text.Length > JsonSchemaLimits.MaxTextLength)
        {
            throw new JsonSchemaException(
                $"The schema has {text.Length} characters; at most {JsonSchemaLimits.MaxTextLength} are read.");
        }

        try
        {
            // A lone half of a surrogate pair cannot be kept in UTF-8: it is refused, not replaced in silence.
            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetBytes(text);
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonSchemaLimits.MaxJsonDepth });
            reader.Read();
            var value = ReadValue(ref reader);

            // Asks for anything after the value, which is an error.
            reader.Read();
            return value;
        }
        catch (JsonException invalid)
        {
            throw new JsonSchemaException(
                $"The schema is not JSON: {invalid.Message}", invalid);
        }
        catch (Exception invalid) when (invalid is EncoderFallbackException or InvalidOperationException)
        {
            throw new JsonSchemaException("The schema is not JSON: it has a half of a surrogate pair.", invalid);
        }
    }

    private static JsonValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.OfString(reader.GetString()!),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => JsonValue.True,
        JsonTokenType.False => JsonValue.False,
        _ => JsonValue.Null,
    };

    private static JsonValue ReadNumber(ref Utf8JsonReader reader)
    {
        var digits = reader.ValueSpan;
        return digits.Length <= JsonSchemaLimits.MaxNumberLength
            ? JsonValue.OfNumber(Encoding.UTF8.GetString(digits))
            : throw new JsonSchemaException(
                $"A number has {digits.Length} characters; at most {JsonSchemaLimits.MaxNumberLength} are read.");
    }

    private static JsonValue ReadArray(ref Utf8JsonReader reader)
    {
        var items = new List<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return JsonValue.OfArray([.. items]);
    }

    private static JsonValue ReadObject(ref Utf8JsonReader reader)
    {
        var members = new List<JsonMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            members.Add(new JsonMember(name, ReadValue(ref reader)));
        }

        return JsonValue.OfObject(members);
    }
}
