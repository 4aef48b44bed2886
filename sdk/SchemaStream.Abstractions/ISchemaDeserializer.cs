namespace SchemaStream;

/// <summary>Reads values of one type from the payload of one writer's schema.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <remarks>Implementations are thread-safe and allocate only the value.</remarks>
public interface ISchemaDeserializer<out T>
{
    /// <summary>Reads one value that fills <paramref name="input"/> exactly.</summary>
    /// <param name="input">The payload, without the wire prefix.</param>
    /// <param name="context">Where the bytes came from.</param>
    /// <exception cref="SchemaSerializationException">The bytes do not follow the writer's schema.</exception>
    T Deserialize(ReadOnlySpan<byte> input, in SerializationContext context);
}
