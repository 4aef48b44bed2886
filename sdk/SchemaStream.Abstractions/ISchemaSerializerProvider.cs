namespace SchemaStream;

/// <summary>A format as a plug-in: makes serializers for C# types and deserializers for writers' schemas.</summary>
/// <remarks>
/// A provider of <see cref="SchemaFormat.Avro"/>, <see cref="SchemaFormat.Json"/> or <see cref="SchemaFormat.Protobuf"/>
/// takes the place of the built-in one. A provider of <see cref="SchemaFormat.Bytes"/> is a format of its own, without
/// schemas and without Confluent's prefix: it writes the types that are no primitives of topics declared with
/// <see cref="Topic.Custom{TKey, TValue}"/>.
/// </remarks>
public interface ISchemaSerializerProvider
{
    /// <summary>The format this provider speaks.</summary>
    SchemaFormat Format { get; }

    /// <summary>Makes the serializer of <typeparamref name="T"/>, with the schema derived from the type.</summary>
    /// <exception cref="SchemaSerializationException">The type has a shape that the format cannot carry; the message names the member.</exception>
    ISchemaSerializer<T> CreateSerializer<T>();

    /// <summary>Makes a deserializer of <typeparamref name="T"/> for bytes written with <paramref name="writer"/>.</summary>
    /// <param name="writer">The writer's schema; with the id 0 and an empty text for a format without schemas.</param>
    /// <param name="references">The schemas that it references, in an order in which each follows what it needs.</param>
    /// <exception cref="SchemaSerializationException">Data of the writer's schema cannot be read as the type.</exception>
    ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references);

    /// <summary>The type name of a schema as a topic contract pins it; null when the schema has none.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="references">The schemas that it references, in an order in which each follows what it needs.</param>
    /// <exception cref="SchemaSerializationException">The text is no schema of this format.</exception>
    string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references);
}
