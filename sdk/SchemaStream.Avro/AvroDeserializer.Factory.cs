using System.Diagnostics.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>Makes deserializers by where their code comes from; <c>new AvroDeserializer&lt;T&gt;(writer)</c> takes the better one by itself.</summary>
public static class AvroDeserializer
{
    /// <summary>The deserializer over a type's generated code: no reflection, for trimmed and AOT-compiled programs.</summary>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <typeparam name="T">A partial type with <c>[SchemaStreamContract]</c>.</typeparam>
    /// <exception cref="AvroSchemaException">Data of the writer's schema cannot be read as the type; the message says every reason.</exception>
    public static AvroDeserializer<T> FromContract<T>(AvroSchema writer)
        where T : IAvroContract<T> =>
        new(T.Codec, writer);

    /// <summary>The deserializer whose code is compiled now, though the type may have generated code.</summary>
    /// <param name="writer">The schema that the data was written with.</param>
    /// <param name="reader">The schema that the program expects; null for the type's own.</param>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <exception cref="AvroSchemaException">Data of the writer's schema cannot be read as the type; the message says every reason.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroDeserializer<T> Compiled<T>(AvroSchema writer, AvroSchema? reader = null) => new(writer, reader);
}
