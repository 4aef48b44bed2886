using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Consuming.Failures;
using SchemaStream.Primitives;
using SchemaStream.Serialization;

namespace SchemaStream.Tests.Consuming;

/// <summary>Consumers of a topic of text and numbers, over a <see cref="MemoryTransport"/>.</summary>
internal static class MemoryTopic
{
    public const string Group = "readers";

    /// <summary>A value that a reader of numbers reads.</summary>
    public const string Readable = "four";

    /// <summary>A value that it does not.</summary>
    public const string Unreadable = "five!";

    public static TopicConsumer<string, int> Consume(
        MemoryTransport transport, ConsumerOptions options, IFailureTopics? failureTopics = null, string name = "notes", SlotReader<int>? values = null) => new(
            Topic.Primitive<string, int>(name),
            Group,
            Reader<string>(name, SchemaFormat.String, RecordSlot.Key),
            values ?? Reader<int>(name, SchemaFormat.Int32, RecordSlot.Value),
            transport,
            options,
            failureTopics,
            NullLogger.Instance);

    public static SlotReader<T> Reader<T>(string name, SchemaFormat format, RecordSlot slot) =>
        new PrimitiveSlotReader<T>(PrimitiveSerializers.Deserializer<T>(format), new SerializationContext(name, slot));
}
