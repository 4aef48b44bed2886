using System.Buffers;

namespace SchemaStream;

/// <summary>Writes values of one type as the payload of one format, without the wire prefix.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <remarks>Implementations are thread-safe and allocate nothing per call.</remarks>
public interface ISchemaSerializer<in T>
{
    /// <summary>The format of the bytes.</summary>
    SchemaFormat Format { get; }

    /// <summary>The text of the schema that the bytes follow; null for a primitive.</summary>
    string? SchemaText { get; }

    /// <summary>The schema's type name as a topic contract pins it; null for a primitive.</summary>
    string? TypeName { get; }

    /// <summary>The schemas that <see cref="SchemaText"/> names, to be registered before it; none for most serializers.</summary>
    IReadOnlyList<ReferencedSchema> References => [];

    /// <summary>Appends <paramref name="value"/> to <paramref name="output"/>.</summary>
    /// <param name="value">The value; never null: a null key or value is a record without one.</param>
    /// <param name="context">Where the bytes go.</param>
    /// <param name="output">Receives the payload.</param>
    /// <exception cref="SchemaSerializationException">The value does not fit the schema.</exception>
    void Serialize(T value, in SerializationContext context, IBufferWriter<byte> output);
}
