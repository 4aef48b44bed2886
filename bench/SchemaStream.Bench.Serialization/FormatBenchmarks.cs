using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using SchemaStream.Bench.Serialization.Cases;
using SchemaStream.Bench.Serialization.Records;
using SchemaStream.Json;
using SchemaStream.Protobuf;

namespace SchemaStream.Bench.Serialization;

/// <summary>The order of twenty-five fields as JSON, validated and not.</summary>
[MemoryDiagnoser]
public class JsonBenchmarks
{
    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private readonly FixedBuffer _buffer = new(64 * 1024);
    private JsonSchemaSerializer<Order> _serializer = null!;
    private JsonSchemaDeserializer<Order> _deserializer = null!;
    private byte[] _payload = [];

    /// <summary>Whether data is held against its schema.</summary>
    [Params(JsonDataValidation.None, JsonDataValidation.WritingAndReading)]
    public JsonDataValidation Validation { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var options = new JsonFormatOptions { SerializerOptions = BenchContext.Default.Options, Validation = Validation };
        _serializer = new JsonSchemaSerializer<Order>(options);
        _deserializer = new JsonSchemaDeserializer<Order>(JsonSchema.Parse(_serializer.SchemaText), options);
        Encode();
        _payload = _buffer.WrittenSpan.ToArray();
    }

    [Benchmark]
    public int Encode()
    {
        _buffer.Reset();
        _serializer.Serialize(Order.Sample, Context, _buffer);
        return _buffer.Written;
    }

    [Benchmark]
    public Order Decode() => _deserializer.Deserialize(_payload, Context);
}

/// <summary>The same order as a Protobuf message.</summary>
[MemoryDiagnoser]
public class ProtobufBenchmarks
{
    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private readonly FixedBuffer _buffer = new(64 * 1024);
    private readonly ProtobufSerializer<Records.Proto.Order> _serializer = new();
    private readonly ProtobufDeserializer<Records.Proto.Order> _deserializer =
        new(ProtoSchema.Parse(new ProtobufSerializer<Records.Proto.Order>().SchemaText));
    private readonly byte[] _payload = [2, 2, .. ProtoSamples.Order.ToByteArray()];

    [Benchmark]
    public int Encode()
    {
        _buffer.Reset();
        _serializer.Serialize(ProtoSamples.Order, Context, _buffer);
        return _buffer.Written;
    }

    [Benchmark]
    public Records.Proto.Order Decode() => _deserializer.Deserialize(_payload, Context);
}
