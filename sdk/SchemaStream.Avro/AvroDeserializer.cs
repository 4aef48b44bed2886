using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Makes the deserializer for data of a writer's schema: with the type's generated code, or code that is compiled now.</summary>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <exception cref="AvroSchemaException">
    /// Data of the writer's schema cannot be read as the type, the message says every reason; or the program was trimmed
    /// and the type has no generated code.
    /// </exception>
    public AvroDeserializer(AvroSchema writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriterSchema = writer;
        var codec = AvroContracts.Find<T>();
        if (codec is not null && SchemaMatching.IsSameToReaders(writer, codec.Schema))
        {
            (Schema, _decode) = (codec.Schema, codec.Read);
        }
        else if (AvroReflection.IsEnabled)
        {
            // Code that is compiled for the pair is faster than a plan that generated code follows.
            (Schema, _decode) = Compile(writer, null);
        }
        else if (codec is not null)
        {
            (Schema, _decode) = (codec.Schema, Planned(codec, writer));
        }
        else
        {
            throw AvroReflection.Refuse(typeof(T));
        }
    }

    /// <summary>Makes the deserializer for data of a writer's schema, as a program expects it, with code that is compiled now.</summary>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <param name="reader">The schema that the program expects; null for the one derived from the type.</param>
    /// <exception cref="AvroSchemaException">Data of the writer's schema cannot be read as the type; the message says every reason.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public AvroDeserializer(AvroSchema writer, AvroSchema? reader)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriterSchema = writer;
        (Schema, _decode) = Compile(writer, reader);
    }

    internal AvroDeserializer(AvroCodec<T> codec, AvroSchema writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriterSchema = writer;
        Schema = codec.Schema;
        _decode = SchemaMatching.IsSameToReaders(writer, codec.Schema) ? codec.Read : Planned(codec, writer);
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

    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    private static (AvroSchema Schema, AvroDecode<T> Decode) Compile(AvroSchema writer, AvroSchema? reader)
    {
        var use = ShapeReader.Read(typeof(T));
        var schema = reader ?? (use.Shape is DynamicShape ? writer : SchemaDerivation.FromShape(use));
        return (schema, DecoderCompiler.Compile<T>(writer, schema, use));
    }

    private static AvroDecode<T> Planned(AvroCodec<T> codec, AvroSchema writer)
    {
        var plan = AvroPlanner.Make(writer, codec.Schema, typeof(T).Name);
        return (ref AvroReader reader) => codec.Read(ref reader, plan);
    }
}
