namespace SchemaStream.Primitives;

/// <summary>The formats without a schema, byte for byte as Kafka's own serializers write them.</summary>
public static class PrimitiveSerializers
{
    /// <summary>The serializer of a primitive.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <param name="format">The primitive.</param>
    /// <exception cref="ArgumentException">The format is none that carries the type.</exception>
    public static ISchemaSerializer<T> Serializer<T>(SchemaFormat format) => (ISchemaSerializer<T>)Find(typeof(T), format);

    /// <summary>The deserializer of a primitive.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <param name="format">The primitive.</param>
    /// <exception cref="ArgumentException">The format is none that carries the type.</exception>
    public static ISchemaDeserializer<T> Deserializer<T>(SchemaFormat format) =>
        (ISchemaDeserializer<T>)Find(typeof(T), format);

    private static object Find(Type type, SchemaFormat format) => format switch
    {
        SchemaFormat.None when type == typeof(Nothing) => NothingSerializer.Instance,
        SchemaFormat.String when type == typeof(string) => StringSerializer.Instance,
        SchemaFormat.Bytes when type == typeof(byte[]) => ByteArraySerializer.Instance,
        SchemaFormat.Bytes when type == typeof(ReadOnlyMemory<byte>) => MemorySerializer.Instance,
        SchemaFormat.Int32 when type == typeof(int) => Int32Serializer.Instance,
        SchemaFormat.Int64 when type == typeof(long) => Int64Serializer.Instance,
        SchemaFormat.Float32 when type == typeof(float) => Float32Serializer.Instance,
        SchemaFormat.Float64 when type == typeof(double) => Float64Serializer.Instance,
        SchemaFormat.Uuid when type == typeof(Guid) => UuidSerializer.Instance,
        _ => throw new ArgumentException(
            $"{type.Name} cannot be written as {SchemaFormatNames.NameOf(format)}.", nameof(format)),
    };
}
