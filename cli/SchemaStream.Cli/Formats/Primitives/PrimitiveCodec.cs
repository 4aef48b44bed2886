using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Cli.Formats.Primitives;

/// <summary>Keys and values without a schema, in the forms that Kafka's own serializers and the SDK's primitives have.</summary>
/// <remarks>Numbers are big-endian, a GUID is its text of 36 characters. Bytes are base64 in JSON.</remarks>
internal sealed class PrimitiveCodec : ISchemaCodec
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public PrimitiveCodec(SchemaFormat format) => Format = SchemaFormatNames.HasSchema(format)
        ? throw new ArgumentOutOfRangeException(nameof(format), format, "has a schema")
        : format;

    public SchemaFormat Format { get; }

    public string TypeName => SchemaFormatNames.NameOf(Format);

    public byte[] Encode(JsonElement value) =>
        TryEncode(value) ?? throw new CodecException($"{(value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? value.ValueKind.ToString() : value.GetRawText())} is no {TypeName}");

    /// <summary>The bytes of a text as it stands on a command line: <c>42</c>, not <c>"42"</c>, is a string too.</summary>
    public byte[] EncodeText(string text) => Format switch
    {
        SchemaFormat.String => Encoding.UTF8.GetBytes(text),
        SchemaFormat.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? OfInt32(number) : null,
        SchemaFormat.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? OfInt64(number) : null,
        SchemaFormat.Float32 => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? OfFloat32(number) : null,
        SchemaFormat.Float64 => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? OfFloat64(number) : null,
        SchemaFormat.Uuid => Guid.TryParse(text, out var guid) ? Encoding.ASCII.GetBytes(guid.ToString()) : null,
        SchemaFormat.None => text.Length == 0 ? [] : null,
        _ => OfBase64(text),
    } ?? throw new CodecException($"\"{text}\" is no {TypeName}");

    public void Decode(ReadOnlySpan<byte> payload, Utf8JsonWriter output)
    {
        switch (Format)
        {
            case SchemaFormat.String:
                output.WriteStringValue(Text(payload));
                break;
            case SchemaFormat.Int32:
                output.WriteNumberValue(BinaryPrimitives.ReadInt32BigEndian(Exactly(payload, sizeof(int))));
                break;
            case SchemaFormat.Int64:
                output.WriteNumberValue(BinaryPrimitives.ReadInt64BigEndian(Exactly(payload, sizeof(long))));
                break;
            case SchemaFormat.Float32:
                JsonNumbers.Write(output, BinaryPrimitives.ReadSingleBigEndian(Exactly(payload, sizeof(float))));
                break;
            case SchemaFormat.Float64:
                JsonNumbers.Write(output, BinaryPrimitives.ReadDoubleBigEndian(Exactly(payload, sizeof(double))));
                break;
            case SchemaFormat.Uuid:
                output.WriteStringValue(Guid.TryParse(Text(payload), out var guid) ? guid : throw new CodecException("the bytes are no GUID's text"));
                break;
            case SchemaFormat.None:
                _ = Exactly(payload, 0);
                output.WriteNullValue();
                break;
            default:
                output.WriteBase64StringValue(payload);
                break;
        }
    }

    private byte[]? TryEncode(JsonElement value) => Format switch
    {
        SchemaFormat.String => value.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(value.GetString()!) : null,
        SchemaFormat.Int32 => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? OfInt32(number) : null,
        SchemaFormat.Int64 => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? OfInt64(number)
            : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var text) ? OfInt64(text)
            : null,
        SchemaFormat.Float32 => JsonNumbers.ReadSingle(value) is { } number ? OfFloat32(number) : null,
        SchemaFormat.Float64 => JsonNumbers.Read(value) is { } number ? OfFloat64(number) : null,
        SchemaFormat.Uuid => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var guid) ? Encoding.ASCII.GetBytes(guid.ToString()) : null,
        SchemaFormat.None => value.ValueKind == JsonValueKind.Null ? [] : null,
        _ => value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : null,
    };

    private ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> payload, int size) =>
        payload.Length == size ? payload : throw new CodecException($"{payload.Length} bytes are no {TypeName}, which has {size}");

    private static string Text(ReadOnlySpan<byte> payload)
    {
        try
        {
            return StrictUtf8.GetString(payload);
        }
        catch (DecoderFallbackException invalid)
        {
            throw new CodecException("the bytes are no UTF-8", invalid);
        }
    }

    private static byte[] OfInt32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] OfInt64(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] OfFloat32(float value) => OfInt32(BitConverter.SingleToInt32Bits(value));

    private static byte[] OfFloat64(double value) => OfInt64(BitConverter.DoubleToInt64Bits(value));

    private static byte[]? OfBase64(string text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }
}
