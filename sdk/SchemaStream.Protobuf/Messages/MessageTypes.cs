using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Messages;

/// <summary>What a generated class says of its message.</summary>
internal static class MessageTypes
{
    /// <summary>The descriptor of a generated class.</summary>
    /// <exception cref="SchemaSerializationException">The type is none.</exception>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2091", Justification = "The parser that each generated class holds calls its constructor, so the constructor is kept.")]
    public static MessageDescriptor DescriptorOf<T>()
    {
        if (!typeof(IMessage).IsAssignableFrom(typeof(T)) || typeof(T).IsAbstract || typeof(T).IsInterface)
        {
            throw new SchemaSerializationException(
                $"{typeof(T)} is no class that protoc generated (an IMessage<{typeof(T).Name}>): Protobuf begins with the .proto file, " +
                "for example by the package Grpc.Tools and <Protobuf Include=\"order.proto\" />.");
        }

        try
        {
            return ((IMessage)Activator.CreateInstance<T>()!).Descriptor;
        }
        catch (MissingMethodException cause)
        {
            throw new SchemaSerializationException($"{typeof(T)} has no public constructor without parameters.", cause);
        }
    }

    /// <summary>The place of a message in its file: its index among its siblings, from the outermost message inwards.</summary>
    /// <remarks>
    /// A map's entry is a message too, in the descriptor though not in the text. As in Confluent's Java and JavaScript it is
    /// not counted, whereas some others count as the descriptor does: <see cref="WriterSchema"/> reads both.
    /// </remarks>
    public static int[] PathOf(MessageDescriptor message)
    {
        var path = new List<int>();
        for (var inner = message; inner is not null; inner = inner.ContainingType)
        {
            var index = inner.Index;
            for (var i = 0; inner.ContainingType is { } outer && i < inner.Index; i++)
            {
                index -= outer.NestedTypes[i].GetOptions()?.MapEntry == true ? 1 : 0;
            }

            path.Insert(0, index);
        }

        return [.. path];
    }
}
