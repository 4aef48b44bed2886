using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>A record with its hand-written codec beside the SDK's; both write the same bytes, or there is no case.</summary>
internal sealed class AvroCase<T>
    where T : class
{
    private const int BufferBytes = 64 * 1024;

    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private readonly T _value;
    private readonly Writer _write;
    private readonly Reader _read;
    private readonly AvroSerializer<T> _serializer;
    private readonly AvroDeserializer<T> _deserializer;
    private readonly FixedBuffer _buffer = new(BufferBytes);
    private readonly byte[] _scratch = new byte[BufferBytes];
    private readonly byte[] _payload;

    public AvroCase(string name, T value, Writer write, Reader read)
    {
        (Name, _value, _write, _read) = (name, value, write, read);
        _serializer = new AvroSerializer<T>();
        _deserializer = new AvroDeserializer<T>(AvroSchema.Parse(_serializer.SchemaText));
        _payload = _scratch[..HandEncode()];
        if (OurEncode() != _payload.Length || !_buffer.WrittenSpan.SequenceEqual(_payload))
        {
            throw new InvalidOperationException($"{name}: the hand-written bytes differ from the serializer's.");
        }
    }

    public delegate int Writer(T value, Span<byte> output);

    public delegate T Reader(ReadOnlySpan<byte> input);

    public string Name { get; }

    public int HandEncode() => _write(_value, _scratch);

    public int OurEncode()
    {
        _buffer.Reset();
        _serializer.Serialize(_value, Context, _buffer);
        return _buffer.Written;
    }

    public T HandDecode() => _read(_payload);

    public T OurDecode() => _deserializer.Deserialize(_payload, Context);
}
