using Google.Protobuf;
using SchemaStream.Protobuf.Messages;

namespace SchemaStream.Protobuf;

/// <summary>Reads messages of one generated class from the payloads of one writer's schema.</summary>
/// <typeparam name="T">A class that <c>protoc</c> generated: one that implements <see cref="IMessage{T}"/>.</typeparam>
/// <remarks>
/// Fields that the class does not know are kept with it, as Protobuf has it, and written again. A payload of another message
/// of the writer's file is refused: fields of the same number would be taken for each other without anyone noticing.
/// </remarks>
public sealed class ProtobufDeserializer<T> : ISchemaDeserializer<T>
{
    private readonly MessageParser _parser;
    private readonly byte[] _indexes;
    private readonly int[] _path;
    private readonly WriterSchema _writer;
    private readonly string _name;

    /// <summary>Makes a deserializer for what was written with a schema that parses by itself.</summary>
    /// <param name="writerSchema">The writer's schema.</param>
    /// <exception cref="SchemaSerializationException">The class is not generated, or the schema has no message of its name.</exception>
    public ProtobufDeserializer(ProtoSchema writerSchema)
        : this(new WriterSchema(writerSchema))
    {
    }

    internal ProtobufDeserializer(WriterSchema writer)
    {
        var descriptor = MessageTypes.DescriptorOf<T>();
        _parser = descriptor.Parser;
        _name = descriptor.FullName;
        _writer = writer;
        _path = writer.Find(_name) ?? throw new SchemaSerializationException(
            $"The writer's schema has no message {_name}, which {typeof(T)} is; it has {writer.Describe()}.");
        _indexes = MessageIndexes.Write(_path);
    }

    /// <inheritdoc/>
    public T Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        // All writers shorten the path to the first message to one zero byte, and most messages are the first.
        var start = _indexes.Length == 1 && input.Length > 0 && input[0] == 0 ? 1 : Skip(input, in context);
        try
        {
            return (T)_parser.ParseFrom(input[start..]);
        }
        catch (InvalidProtocolBufferException misfit)
        {
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' is no {_name}: {misfit.Message}", misfit);
        }
    }

    private int Skip(ReadOnlySpan<byte> input, in SerializationContext context)
    {
        if (input.StartsWith(_indexes))
        {
            return _indexes.Length;
        }

        Span<int> path = stackalloc int[MessageIndexes.Deepest];
        var length = MessageIndexes.Read(input, path, out var count);
        if (!path[..count].SequenceEqual(_path) && _writer.NameAt(path[..count]) is var found && found != _name)
        {
            throw new SchemaSerializationException(
                $"A {context.Slot} of topic '{context.Topic}' is {found ?? $"message [{string.Join(", ", path[..count].ToArray())}], which its schema does not have"}, "
                + $"not {_name}.");
        }

        return length;
    }
}
