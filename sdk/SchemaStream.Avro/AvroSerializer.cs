using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>
/// Writes values of a C# type as Avro, with code that the source generator wrote or that is compiled once. Nothing is
/// allocated per value.
/// </summary>
/// <remarks>Thread-safe. Making one costs milliseconds where code is compiled: make it once and keep it.</remarks>
/// <typeparam name="T">The C# type; <see cref="object"/> or <see cref="AvroRecord"/> for values described by a schema alone.</typeparam>
public sealed class AvroSerializer<T> : ISchemaSerializer<T>
{
    /// <summary>The span that is asked for until values turn out larger.</summary>
    private const int SmallestHint = 256;

    /// <summary>Larger values find their span by growing: a hint of their size would cost every small one.</summary>
    private const int LargestHint = 64 * 1024;

    private readonly AvroEncode<T> _encode;
    private int _hint = SmallestHint;

    /// <summary>Makes the serializer with the type's own schema: its generated code, or one derived from the type.</summary>
    /// <exception cref="AvroSchemaException">
    /// The type has a shape that Avro cannot carry, the message names the member and what to do; or the program was
    /// trimmed and the type has no generated code.
    /// </exception>
    public AvroSerializer()
    {
        if (AvroContracts.Find<T>() is { } codec)
        {
            (Schema, SchemaText, _encode) = (codec.Schema, codec.SchemaText, codec.Write);
        }
        else if (AvroReflection.IsEnabled)
        {
            (Schema, SchemaText, _encode) = Compile(null);
        }
        else
        {
            throw AvroReflection.Refuse(typeof(T));
        }
    }

    /// <summary>Makes the serializer for a schema that the type must fit, with code that is compiled now.</summary>
    /// <param name="schema">The schema; null for the one derived from the type.</param>
    /// <exception cref="AvroSchemaException">The type does not fit; the message names the member.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public AvroSerializer(AvroSchema? schema) => (Schema, SchemaText, _encode) = Compile(schema);

    internal AvroSerializer(AvroCodec<T> codec) => (Schema, SchemaText, _encode) = (codec.Schema, codec.SchemaText, codec.Write);

    /// <summary>The schema that the bytes follow.</summary>
    public AvroSchema Schema { get; }

    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Avro;

    /// <inheritdoc/>
    public string SchemaText { get; }

    /// <inheritdoc/>
    public string? TypeName => Schema.ContractName;

    /// <inheritdoc/>
    public void Serialize(T value, in SerializationContext context, IBufferWriter<byte> output)
    {
        var hint = _hint;
        var span = output.GetSpan(hint);
        var written = _encode(value, ref MemoryMarshal.GetReference(span), 0, span.Length, 0);
        if (written < 0)
        {
            written = EncodeIntoLarger(value, span.Length, output);
        }
        else if (hint > SmallestHint && written < hint / 4)
        {
            // A large value passed by; those after it are small again.
            _hint = hint / 2;
        }

        output.Advance(written);
    }

    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    private static (AvroSchema Schema, string Text, AvroEncode<T> Encode) Compile(AvroSchema? given)
    {
        var use = ShapeReader.Read(typeof(T));
        var schema = given ?? SchemaDerivation.FromShape(use);
        return (schema, schema.ToJson(), EncoderCompiler.Compile<T>(schema, use));
    }

    private int EncodeIntoLarger(T value, int size, IBufferWriter<byte> output)
    {
        // Written again from the start: doubling keeps that below the cost of writing once more.
        while (true)
        {
            if (size >= Array.MaxLength)
            {
                throw new AvroDataException($"{typeof(T).Name}: the value takes more than {Array.MaxLength} bytes");
            }

            size = (int)Math.Min((long)size * 2, Array.MaxLength);
            var span = output.GetSpan(size);
            var written = _encode(value, ref MemoryMarshal.GetReference(span), 0, span.Length, 0);
            if (written >= 0)
            {
                _hint = Math.Clamp(size, SmallestHint, LargestHint);
                return written;
            }
        }
    }
}
