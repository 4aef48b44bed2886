using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Primitives;
using SchemaStream.Serialization;
using SchemaStream.Transport;

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
            new OneRecord(timestampMs),
            new ConsumerOptions(),
            NullLogger.Instance);

        var record = (await consumer.TakeAsync(1))[0];

        record.Value.ShouldBe("v");
        record.Timestamp.Year.ShouldBe(timestampMs > 0 ? 9999 : 1970);
    }

    private sealed class OneRecord(long timestampMs) : IConsumerTransport
    {
        public IReadOnlyList<AssignedPartition> Assignment => [];

        public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken)
        {
            var batch = IncomingBatch.Rent();
            batch.Add(new AssignedPartition("notes", 0), 0, timestampMs, "k"u8, true, "v"u8, true, null);
            return ValueTask.FromResult<IncomingBatch?>(batch);
        }

        public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
