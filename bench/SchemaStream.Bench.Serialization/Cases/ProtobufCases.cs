using Google.Protobuf;
using SchemaStream.Bench.Serialization.Records;
using SchemaStream.Protobuf;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>Protobuf beside Google.Protobuf alone, over the caller's span.</summary>
internal sealed class ProtobufCases : IFormatCases
{
    private const double Target = 1.1;
    private const int BufferBytes = 64 * 1024;

    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    public IEnumerable<Comparison> All() =>
    [
        .. Compare("small", ProtoSamples.Small, Records.Proto.Small.Parser),
        .. Compare("order", ProtoSamples.Order, Records.Proto.Order.Parser),
        .. Compare("large", ProtoSamples.Large, Records.Proto.Order.Parser),
    ];

    private static IEnumerable<Comparison> Compare<T>(string name, T value, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var serializer = new ProtobufSerializer<T>();
        var deserializer = new ProtobufDeserializer<T>(ProtoSchema.Parse(serializer.SchemaText));
        var buffer = new FixedBuffer(BufferBytes);
        var output = new byte[BufferBytes];
        var bare = value.ToByteArray();
        serializer.Serialize(value, Context, buffer);
        var payload = buffer.WrittenSpan.ToArray();
        if (!payload.AsSpan(payload.Length - bare.Length).SequenceEqual(bare) || !deserializer.Deserialize(payload, Context).Equals(value))
        {
            throw new InvalidOperationException($"protobuf {name}: the library and the SDK do not agree.");
        }

        return
        [
            Comparison.Encode($"protobuf.encode.{name}", BareEncode, Encode, Target),
            Comparison.Decode($"protobuf.decode.{name}", () => parser.ParseFrom(bare.AsSpan()), () => deserializer.Deserialize(payload, Context), Target),
        ];

        int BareEncode()
        {
            var size = value.CalculateSize();
            value.WriteTo(output.AsSpan(0, size));
            return size;
        }

        int Encode()
        {
            buffer.Reset();
            serializer.Serialize(value, Context, buffer);
            return buffer.Written;
        }
    }
}
