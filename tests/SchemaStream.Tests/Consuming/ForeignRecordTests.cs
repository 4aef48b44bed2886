using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Primitives;
using SchemaStream.Serialization;

namespace SchemaStream.Tests.Consuming;

/// <summary>Records as only a foreign client writes them.</summary>
public sealed class ForeignRecordTests
{
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task Timestamp_BeyondTheCalendar_DoesNotEndTheLoop(long timestampMs)
    {
        var topic = Topic.Primitive<string, string>("notes");
        var text = PrimitiveSerializers.Deserializer<string>(SchemaFormat.String);
        await using var consumer = new TopicConsumer<string, string>(
            topic,
            "readers",
            new PrimitiveSlotReader<string>(text, new SerializationContext("notes", RecordSlot.Key)),
            new PrimitiveSlotReader<string>(text, new SerializationContext("notes", RecordSlot.Value)),
            new MemoryTransport(new MemoryRecord(0, "k", "v") { TimestampMs = timestampMs }),
            new ConsumerOptions(),
            failureTopics: null,
            NullLogger.Instance);

        var record = (await consumer.TakeAsync(1))[0];

        record.Value.ShouldBe("v");
        record.Timestamp.Year.ShouldBe(timestampMs > 0 ? 9999 : 1970);
    }
}
