using System.Buffers;

namespace SchemaStream.Primitives;

/// <summary>What all primitives have in common: no schema, no type name.</summary>
internal abstract class PrimitiveSerializer<T> : ISchemaSerializer<T>, ISchemaDeserializer<T>
{
    public abstract SchemaFormat Format { get; }

    public string? SchemaText => null;

    public string? TypeName => null;

    public abstract void Serialize(T value, in SerializationContext context, IBufferWriter<byte> output);

    public abstract T Deserialize(ReadOnlySpan<byte> input, in SerializationContext context);

    /// <summary>Throws unless the input has the length that every value of the primitive has.</summary>
    protected void DemandLength(ReadOnlySpan<byte> input, int length)
    {
        if (input.Length != length)
        {
            throw new SchemaSerializationException(
                $"{SchemaFormatNames.NameOf(Format)} takes {length} bytes, found {input.Length}.");
        }
    }
}
