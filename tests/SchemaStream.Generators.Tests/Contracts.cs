using System.Reflection;
using SchemaStream.Avro;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Tests.Codec;

namespace SchemaStream.Generators.Tests;

/// <summary>The types of this assembly that have generated code, with that code beside the code compiled at run time.</summary>
internal static class Contracts
{
    /// <summary>Every type that an attribute names or stands on.</summary>
    public static IEnumerable<Type> Types()
    {
        var assembly = typeof(Contracts).Assembly;
        return assembly.GetTypes().Where(type => type.IsDefined(typeof(SchemaStreamContractAttribute), inherit: false))
            .Concat(assembly.GetCustomAttributes<SchemaStreamContractAttribute>().Select(attribute => attribute.Type!));
    }

    public static IContractPair PairOf(Type type) => (IContractPair)Activator.CreateInstance(typeof(ContractPair<>).MakeGenericType(type))!;
}

internal interface IContractPair
{
    AvroSchema Schema { get; }

    string GeneratedText { get; }

    string DerivedText { get; }

    /// <summary>What comes of data by one way of reading and one of writing; a fault as its message.</summary>
    byte[] Again(byte[] payload, AvroSchema writer, Reading reading, bool writesGenerated);

    void Read(byte[] payload, AvroSchema writer, Reading reading);
}

internal enum Reading
{
    Compiled,
    Generated,
    Planned,
}

internal sealed class ContractPair<T> : IContractPair
{
    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private readonly AvroSerializer<T> _generated = new();
    private readonly AvroSerializer<T> _compiled = AvroSerializer.Compiled<T>();

    public AvroSchema Schema => _generated.Schema;

    public string GeneratedText => Codec.SchemaText;

    public string DerivedText => AvroSchema.FromType<T>().ToJson();

    private static AvroCodec<T> Codec =>
        AvroContracts.Find<T>() ?? throw new InvalidOperationException($"{typeof(T)} has no generated code.");

    public byte[] Again(byte[] payload, AvroSchema writer, Reading reading, bool writesGenerated)
    {
        var value = Reader(writer, reading).Deserialize(payload, Context);
        var output = new ExactBuffer();
        (writesGenerated ? _generated : _compiled).Serialize(value, Context, output);
        return output.Written;
    }

    public void Read(byte[] payload, AvroSchema writer, Reading reading) => Reader(writer, reading).Deserialize(payload, Context);

    private readonly Dictionary<(AvroSchema, Reading), AvroDeserializer<T>> _readers = [];

    private AvroDeserializer<T> Reader(AvroSchema writer, Reading reading)
    {
        if (!_readers.TryGetValue((writer, reading), out var known))
        {
            _readers.Add((writer, reading), known = Make(writer, reading));
        }

        return known;
    }

    private static AvroDeserializer<T> Make(AvroSchema writer, Reading reading) => reading switch
    {
        Reading.Compiled => AvroDeserializer.Compiled<T>(writer),
        Reading.Generated => new AvroDeserializer<T>(Codec, writer),
        _ => new AvroDeserializer<T>(new PlannedOnly<T>(Codec), writer),
    };
}

/// <summary>A codec whose straight way is its plan's.</summary>
internal sealed class PlannedOnly<T>(AvroCodec<T> codec) : AvroCodec<T>
{
    private readonly AvroPlan _plan = AvroPlanner.Make(codec.Schema, codec.Schema, typeof(T).Name);

    public override string SchemaText => codec.SchemaText;

    public override int Write(T value, ref byte start, int position, int length, int depth) =>
        codec.Write(value, ref start, position, length, depth);

    public override T Read(ref AvroReader reader) => codec.Read(ref reader, _plan);

    public override T Read(ref AvroReader reader, AvroPlan plan) => codec.Read(ref reader, plan);
}
