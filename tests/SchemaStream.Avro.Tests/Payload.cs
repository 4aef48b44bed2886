using System.Buffers;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests;

/// <summary>Values to bytes and back, as the tests do it all the time.</summary>
internal static class Payload
{
    public static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    public static byte[] Write<T>(T value, AvroSchema? schema = null)
    {
        var output = new ArrayBufferWriter<byte>();
        new AvroSerializer<T>(schema).Serialize(value, Context, output);
        return output.WrittenSpan.ToArray();
    }

    public static T Read<T>(byte[] bytes, AvroSchema? writer = null, AvroSchema? reader = null) =>
        new AvroDeserializer<T>(writer ?? AvroSchema.FromType<T>(), reader).Deserialize(bytes, Context);

    public static T RoundTrip<T>(T value, AvroSchema? schema = null) => Read<T>(Write(value, schema), schema, schema);

    public static string Hex<T>(T value, AvroSchema? schema = null) => Convert.ToHexStringLower(Write(value, schema));
}
