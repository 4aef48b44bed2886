using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>
/// Reads a C# type from Avro data of one writer's schema, with code that the source generator wrote or that is compiled
/// once: fields in another order, promotions, defaults and aliases cost nothing per value.
/// </summary>
/// <typeparam name="T">The C# type; <see cref="object"/> or <see cref="AvroRecord"/> for values described by a schema alone.</typeparam>
public sealed class AvroDeserializer<T> : ISchemaDeserializer<T>
{
    private readonly AvroDecode<T> _decode;

    /// <summary>Makes the deserializer for data of a writer's schema.</summary>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <param name="reader">The schema that the program expects; null for the type's own.</param>
    /// <exception cref="AvroSchemaException">Data of the writer's schema cannot be read as the type; the message says every reason.</exception>
    public AvroDeserializer(AvroSchema writer, AvroSchema? reader = null)
        : this(reader is null ? AvroContracts.Find<T>() : null, writer, reader, mayCompile: true)
    {
    }

    /// <param name="codec">The type's generated code; null for code that is compiled now.</param>
    /// <param name="writer">The writer's schema.</param>
    /// <param name="reader">The reader's schema; null for the type's own.</param>
    /// <param name="mayCompile">
    /// Data of another schema is read by code compiled for the pair, which is faster; otherwise by the generated code and a plan.
    /// </param>
    internal AvroDeserializer(AvroCodec<T>? codec, AvroSchema writer, AvroSchema? reader, bool mayCompile)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var isSame = codec is not null && SchemaMatching.IsSameToReaders(writer, codec.Schema);
        if (codec is not null && (isSame || !mayCompile))
        {
            WriterSchema = writer;
            Schema = codec.Schema;
            _decode = isSame ? codec.Read : Planned(codec, writer);
            return;
        }

        var use = ShapeReader.Read(typeof(T));
        WriterSchema = writer;
        Schema = reader ?? (use.Shape is DynamicShape ? writer : SchemaDerivation.FromShape(use));
        _decode = DecoderCompiler.Compile<T>(writer, Schema, use);
    }

    /// <summary>The schema that the program expects.</summary>
    public AvroSchema Schema { get; }

    /// <summary>The schema that the data was written with.</summary>
    public AvroSchema WriterSchema { get; }

    /// <inheritdoc/>
    public T Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        var reader = new AvroReader(input);
        try
        {
            var value = _decode(ref reader);
            reader.RequireEnd();
            return value;
        }
        catch (AvroDataException e)
        {
            var path = PayloadLocator.Locate(WriterSchema, input, reader.Position, e.IsAfterValue);
            throw new AvroDataException(path, reader.Position, e.Problem, e);
        }
    }

    private static AvroDecode<T> Planned(AvroCodec<T> codec, AvroSchema writer)
    {
        var plan = AvroPlanner.Make(writer, codec.Schema, typeof(T).Name);
        return (ref AvroReader reader) => codec.Read(ref reader, plan);
    }
}
