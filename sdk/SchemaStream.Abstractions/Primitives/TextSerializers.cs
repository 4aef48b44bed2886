using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SchemaStream.Primitives;

/// <summary>UTF-8 without a prefix. Text that is not Unicode is refused, not repaired.</summary>
internal sealed class StringSerializer : PrimitiveSerializer<string>
{
    public static readonly StringSerializer Instance = new();

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override SchemaFormat Format => SchemaFormat.String;

    public override void Serialize(string value, in SerializationContext context, IBufferWriter<byte> output)
    {
        try
        {
            var span = output.GetSpan(Strict.GetMaxByteCount(value.Length));
            output.Advance(Strict.GetBytes(value, span));
        }
        catch (EncoderFallbackException cause)
        {
            throw new SchemaSerializationException($"Text with half a surrogate pair at index {cause.Index} is no UTF-8.", cause);
        }
    }

    public override string Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        try
        {
            return Strict.GetString(input);
        }
        catch (DecoderFallbackException cause)
        {
            throw new SchemaSerializationException($"Bytes at index {cause.Index} are no UTF-8.", cause);
        }
    }
}

/// <summary>A UUID as its 36-character text.</summary>
internal sealed class UuidSerializer : PrimitiveSerializer<Guid>
{
    public static readonly UuidSerializer Instance = new();

    private const int TextLength = 36;

    public override SchemaFormat Format => SchemaFormat.Uuid;

    public override void Serialize(Guid value, in SerializationContext context, IBufferWriter<byte> output)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(TextLength), out var written, 'D');
        output.Advance(written);
    }

    public override Guid Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        DemandLength(input, TextLength);
        return Utf8Parser.TryParse(input, out Guid value, out var consumed, 'D') && consumed == TextLength
            ? value
            : throw new SchemaSerializationException($"'{Encoding.Latin1.GetString(input)}' is no UUID.");
    }
}
