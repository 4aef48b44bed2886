using SchemaStream.Avro;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>A record with its hand-written codec beside the SDK's; both write the same bytes, or there is no case.</summary>
internal sealed class AvroCase<T>
    where T : class
{
    private const int BufferBytes = 64 * 1024;

    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private readonly T _value;
    private readonly HandWritten<T> _byHand;
    private readonly AvroSerializer<T> _serializer;
    private readonly AvroDeserializer<T> _deserializer;
    private readonly FixedBuffer _buffer = new(BufferBytes);
    private readonly byte[] _scratch = new byte[BufferBytes];
    private readonly byte[] _payload;

    public AvroCase(string name, T value, HandWritten<T> byHand, AvroSerializer<T> serializer, AvroDeserializer<T> deserializer)
    {
        (Name, _value, _byHand, _serializer, _deserializer) = (name, value, byHand, serializer, deserializer);
        _payload = _scratch[..HandEncode()];
        if (OurEncode() != _payload.Length || !_buffer.WrittenSpan.SequenceEqual(_payload))
        {
            throw new InvalidOperationException($"{name}: the hand-written bytes differ from the serializer's.");
        }

        if (!HandDecode().ToString()!.Equals(OurDecode().ToString(), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{name}: the hand-written code reads another value than the deserializer.");
        }
    }

    public string Name { get; }

    /// <summary>The two lines of the summary.</summary>
    public IEnumerable<Comparison> Compare(string format, double encodeTarget, double decodeTarget) =>
    [
        Comparison.Encode($"{format}.encode.{Name}", HandEncode, OurEncode, encodeTarget),
        Comparison.Decode($"{format}.decode.{Name}", HandDecode, OurDecode, decodeTarget),
    ];

    public int HandEncode() => _byHand.Write(_value, _scratch);

    public int OurEncode()
    {
        _buffer.Reset();
        _serializer.Serialize(_value, Context, _buffer);
        return _buffer.Written;
    }

    public T HandDecode() => _byHand.Read(_payload);

    public T OurDecode() => _deserializer.Deserialize(_payload, Context);
}

/// <summary>Straight-line code for one record.</summary>
internal sealed record HandWritten<T>(HandWritten<T>.Writer Write, HandWritten<T>.Reader Read)
{
    public delegate int Writer(T value, Span<byte> output);

    public delegate T Reader(ReadOnlySpan<byte> input);
}
