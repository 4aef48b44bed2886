using System.Buffers;

namespace SchemaStream.Json.Tests;

/// <summary>A serializer's bytes.</summary>
internal static class Codec
{
    public static SerializationContext Context { get; } = new("orders", RecordSlot.Value);

    public static byte[] Write<T>(ISchemaSerializer<T> serializer, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, Context, output);
        return output.WrittenSpan.ToArray();
    }
}
