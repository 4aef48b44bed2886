using System.Globalization;
using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Formats;

namespace SchemaStream.Cli.Producing;

/// <summary>What all records of a run have in common.</summary>
/// <param name="Key">A text; null: none, or each record's own.</param>
/// <param name="HasEnvelopes">Whether inputs are whole records, as <c>consume --output json</c> writes them, and not values.</param>
internal sealed record RecordShape(
    string Topic, string? Key, IReadOnlyList<KeyValuePair<string, string>> Headers, int? Partition, bool HasEnvelopes);

/// <summary>Makes records of lines and of JSON values.</summary>
internal sealed class InputRecords(RecordShape shape, SlotEncoder keys, SlotEncoder values)
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = SchemaCodecs.DeepestJson };

    private readonly ReadOnlyMemory<byte>? _key = Memory(shape.Key is null ? null : keys.EncodeLoosely(shape.Key));
    private readonly Protocol.Records.RecordHeader[] _headers =
        [.. shape.Headers.Select(header => new Protocol.Records.RecordHeader(header.Key, Encoding.UTF8.GetBytes(header.Value)))];

    /// <summary>Whether each input is a whole record.</summary>
    public bool HasEnvelopes => shape.HasEnvelopes;

    /// <exception cref="CodecException">The line does not fit.</exception>
    public Kafka.Producing.OutgoingRecord OfLine(string line, Action<Exception?> sent)
    {
        if (!shape.HasEnvelopes)
        {
            return Record(_key, Memory(values.IsText || line.Trim() != "null" ? values.EncodeText(line) : null), _headers, shape.Partition, null, sent);
        }

        try
        {
            using var document = JsonDocument.Parse(line, Reading);
            return OfEnvelope(document.RootElement, sent);
        }
        catch (JsonException invalid)
        {
            throw new CodecException($"the line is no JSON: {invalid.Message}", invalid);
        }
    }

    /// <exception cref="CodecException">The value does not fit.</exception>
    public Kafka.Producing.OutgoingRecord OfValue(JsonElement value, Action<Exception?> sent) => shape.HasEnvelopes
        ? OfEnvelope(value, sent)
        : Record(_key, Memory(values.Encode(value)), _headers, shape.Partition, null, sent);

    private Kafka.Producing.OutgoingRecord OfEnvelope(JsonElement envelope, Action<Exception?> sent)
    {
        if (envelope.ValueKind != JsonValueKind.Object || !envelope.TryGetProperty("value", out var value))
        {
            throw new CodecException("a record is an object with \"value\", and perhaps \"key\", \"headers\", \"partition\" and \"timestamp\"");
        }

        var key = envelope.TryGetProperty("key", out var given) ? Memory(keys.Encode(given)) : _key;
        return Record(
            key,
            Memory(values.Encode(value)),
            envelope.TryGetProperty("headers", out var headers) ? [.. _headers, .. Headers(headers)] : _headers,
            shape.Partition ?? (int?)Number(envelope, "partition", int.MaxValue),
            Number(envelope, "timestamp", long.MaxValue),
            sent);
    }

    private Kafka.Producing.OutgoingRecord Record(
        ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, Protocol.Records.RecordHeader[] headers, int? partition, long? timestamp, Action<Exception?> sent) =>
        new(shape.Topic, key, value, headers.Length == 0 ? null : headers, sent) { Partition = partition, Timestamp = timestamp };

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes)
    {
        // Not with the conditional operator: its null would become empty memory.
        if (bytes is null)
        {
            return null;
        }

        return bytes;
    }

    private static long? Number(JsonElement envelope, string name, long most) =>
        !envelope.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 && number <= most ? number
        : throw new CodecException(string.Create(CultureInfo.InvariantCulture, $"\"{name}\" is {value.GetRawText()}: a number from 0 is expected"));

    /// <summary>A list of <c>{"key", "value"}</c>, as they are read, or an object, as they are easily written.</summary>
    private static IEnumerable<Protocol.Records.RecordHeader> Headers(JsonElement headers)
    {
        switch (headers.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in headers.EnumerateObject())
                {
                    yield return new Protocol.Records.RecordHeader(member.Name, Text(member.Value));
                }

                break;
            case JsonValueKind.Array:
                foreach (var header in headers.EnumerateArray())
                {
                    if (header.ValueKind != JsonValueKind.Object || !header.TryGetProperty("key", out var name) || name.ValueKind != JsonValueKind.String)
                    {
                        throw new CodecException("a header is an object with \"key\" and \"value\"");
                    }

                    yield return new Protocol.Records.RecordHeader(
                        name.GetString()!,
                        header.TryGetProperty("bytes", out var bytes) ? Base64(bytes) : header.TryGetProperty("value", out var value) ? Text(value) : null);
                }

                break;
            case JsonValueKind.Null:
                break;
            default:
                throw new CodecException("\"headers\" are a list of objects with \"key\" and \"value\", or one object");
        }
    }

    private static ReadOnlyMemory<byte>? Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new CodecException("a header's value is a text"));
    }

    private static ReadOnlyMemory<byte>? Base64(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw new CodecException("a header's \"bytes\" are base64");
}
