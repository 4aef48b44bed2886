using System.Text.Json;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;

namespace SchemaStream.Cli.Producing;

/// <summary>The JSON values of a file: one behind the other, or the items of a list.</summary>
internal static class JsonValues
{
    /// <exception cref="CliException">The file is no JSON, from some place on.</exception>
    public static IEnumerable<JsonElement> Of(byte[] bytes, string name)
    {
        var position = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        while (Next(bytes, ref position, name) is { } document)
        {
            using (document)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Array)
                {
                    yield return document.RootElement;
                    continue;
                }

                foreach (var item in document.RootElement.EnumerateArray())
                {
                    yield return item;
                }
            }
        }
    }

    private static JsonDocument? Next(byte[] bytes, ref int position, string name)
    {
        while (position < bytes.Length && bytes[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            position++;
        }

        if (position >= bytes.Length)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(
                bytes.AsSpan(position), new JsonReaderOptions { MaxDepth = SchemaCodecs.DeepestJson, AllowMultipleValues = true });
            var document = JsonDocument.ParseValue(ref reader);
            position += (int)reader.BytesConsumed;
            return document;
        }
        catch (JsonException invalid)
        {
            throw ErrorCatalog.ValueInvalid.Exception($"{name} is no JSON from byte {position} on.", invalid.Message, inner: invalid);
        }
    }
}
