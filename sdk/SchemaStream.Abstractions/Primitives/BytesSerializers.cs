using System.Buffers;

namespace SchemaStream.Primitives;

/// <summary>Bytes as they are, in an array.</summary>
internal sealed class ByteArraySerializer : PrimitiveSerializer<byte[]>
{
    public static readonly ByteArraySerializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Bytes;

    public override void Serialize(byte[] value, in SerializationContext context, IBufferWriter<byte> output) =>
        output.Write(value);

    public override byte[] Deserialize(ReadOnlySpan<byte> input, in SerializationContext context) => input.ToArray();
}

/// <summary>Bytes as they are, in memory of any kind.</summary>
internal sealed class MemorySerializer : PrimitiveSerializer<ReadOnlyMemory<byte>>
{
    public static readonly MemorySerializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.Bytes;

    public override void Serialize(
        ReadOnlyMemory<byte> value, in SerializationContext context, IBufferWriter<byte> output) => output.Write(value.Span);

    public override ReadOnlyMemory<byte> Deserialize(ReadOnlySpan<byte> input, in SerializationContext context) =>
        input.ToArray();
}

/// <summary>A slot that is always null: nothing is written, and nothing may be found.</summary>
internal sealed class NothingSerializer : PrimitiveSerializer<Nothing>
{
    public static readonly NothingSerializer Instance = new();

    public override SchemaFormat Format => SchemaFormat.None;

    public override void Serialize(Nothing value, in SerializationContext context, IBufferWriter<byte> output)
    {
        // A null is not written at all.
    }

    public override Nothing Deserialize(ReadOnlySpan<byte> input, in SerializationContext context) =>
        throw new SchemaSerializationException(
            $"A {context.Slot} of topic '{context.Topic}' has {input.Length} bytes where the topic has none.");
}
