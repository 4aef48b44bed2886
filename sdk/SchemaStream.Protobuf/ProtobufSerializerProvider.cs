using SchemaStream.Protobuf.Messages;

namespace SchemaStream.Protobuf;

/// <summary>Protobuf as the SDK's plug-in: any class that <c>protoc</c> generates for C#.</summary>
/// <remarks>
/// The schema is the <c>.proto</c> file of the class, printed from the descriptor that the class carries; its imports are
/// registered first, under their own paths. A topic contract pins the file's first message; which message of the file a
/// payload is, the message indexes before it say, in Confluent's form.
/// </remarks>
public sealed class ProtobufSerializerProvider : ISchemaSerializerProvider
{
    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Protobuf;

    /// <inheritdoc/>
    public ISchemaSerializer<T> CreateSerializer<T>() => new ProtobufSerializer<T>();

    /// <inheritdoc/>
    public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(references);
        return new ProtobufDeserializer<T>(WriterSchema.Parse(writer, references));
    }

    /// <inheritdoc/>
    public string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(references);
        return WriterSchema.Parse(schema, references).FirstMessageName;
    }
}
