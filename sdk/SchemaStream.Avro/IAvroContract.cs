using SchemaStream.Avro.Codec;

namespace SchemaStream.Avro;

/// <summary>A type whose Avro code was generated at compile time: what <c>[SchemaStreamContract]</c> adds to a partial type.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IAvroContract<TSelf>
    where TSelf : IAvroContract<TSelf>
{
    /// <summary>The type's generated code; one instance.</summary>
    static abstract AvroCodec<TSelf> Codec { get; }
}
