using System.Diagnostics.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>Makes serializers by where their code comes from; <c>new AvroSerializer&lt;T&gt;()</c> takes the better one by itself.</summary>
public static class AvroSerializer
{
    /// <summary>The serializer over a type's generated code: no reflection, for trimmed and AOT-compiled programs.</summary>
    /// <typeparam name="T">A partial type with <c>[SchemaStreamContract]</c>.</typeparam>
    public static AvroSerializer<T> FromContract<T>()
        where T : IAvroContract<T> =>
        new(T.Codec);

    /// <summary>The serializer whose code is compiled now, though the type may have generated code.</summary>
    /// <param name="schema">The schema that the type must fit; null for the one derived from the type.</param>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <exception cref="AvroSchemaException">The type does not fit the schema, or has none; the message names the member.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroSerializer<T> Compiled<T>(AvroSchema? schema = null) => new(schema);
}
