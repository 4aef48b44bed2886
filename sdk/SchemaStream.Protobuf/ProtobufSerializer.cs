using System.Buffers;
using Google.Protobuf;
using SchemaStream.Protobuf.Messages;

namespace SchemaStream.Protobuf;

/// <summary>Writes messages of one generated class: the message indexes, then the message.</summary>
/// <typeparam name="T">A class that <c>protoc</c> generated: one that implements <see cref="IMessage{T}"/>.</typeparam>
/// <remarks>Nothing is allocated per message, and nothing is copied: Google.Protobuf writes into the output's own memory.</remarks>
public sealed class ProtobufSerializer<T> : ISchemaSerializer<T>
{
    private readonly byte[] _indexes;

    /// <summary>Makes the serializer, with the schema that the class carries.</summary>
    /// <exception cref="SchemaSerializationException">The type is no class that <c>protoc</c> generated.</exception>
    public ProtobufSerializer()
    {
        var descriptor = MessageTypes.DescriptorOf<T>();
        var schema = FileSchemas.Of(descriptor.File);
        SchemaText = schema.Text;
        References = schema.References;
        TypeName = descriptor.File.MessageTypes[0].FullName;
        _indexes = MessageIndexes.Write(MessageTypes.PathOf(descriptor));
    }

    /// <inheritdoc/>
    public SchemaFormat Format => SchemaFormat.Protobuf;

    /// <summary>The <c>.proto</c> file of the class, as text.</summary>
    public string SchemaText { get; }

    /// <summary>The full name of the file's first message, which stands for the schema.</summary>
    public string? TypeName { get; }

    /// <summary>The files that it imports, without the well-known ones.</summary>
    public IReadOnlyList<ReferencedSchema> References { get; }

    /// <inheritdoc/>
    public void Serialize(T value, in SerializationContext context, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (value is not IMessage message)
        {
            throw new SchemaSerializationException($"A {context.Slot} of topic '{context.Topic}' is null where a {typeof(T)} is due.");
        }

        var indexes = _indexes;
        try
        {
            var size = message.CalculateSize();
            var span = output.GetSpan(indexes.Length + size);
            if (indexes.Length == 1)
            {
                span[0] = indexes[0];
            }
            else
            {
                indexes.CopyTo(span);
            }

            message.WriteTo(span.Slice(indexes.Length, size));
            output.Advance(indexes.Length + size);
        }
        catch (Exception misfit) when (misfit is InvalidOperationException or ArgumentException or OverflowException)
        {
            // Text with half a surrogate pair, a message that changes while it is written, more than 2 GB.
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' cannot be written as {TypeName}: {misfit.Message}", misfit);
        }
    }
}
