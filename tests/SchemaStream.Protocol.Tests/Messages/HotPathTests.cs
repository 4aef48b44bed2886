using System.Buffers;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>Produce and Fetch carry all the data there is: their records are never copied and their codec allocates little.</summary>
public sealed class HotPathTests
{
    private const int OneMegabyte = 1024 * 1024;

    [Fact]
    public void Read_OfAProduceRequest_LeavesRecordsWhereTheyAre()
    {
        var bytes = Written(new ProduceRequest
        {
            Acks = -1,
            TopicData = { new() { Name = "orders", PartitionData = { new() { Index = 1, Records = new byte[OneMegabyte] } } } },
        });
        var request = new ProduceRequest();
        Read(request, bytes);

        var allocated = Allocated(() => Read(new ProduceRequest(), bytes));

        allocated.ShouldBeLessThan(1024);
        bytes.Span.Overlaps(request.TopicData[0].PartitionData[0].Records!.Value.Span).ShouldBeTrue();
    }

    [Fact]
    public void Write_OfAFetchResponse_ReferencesRecords()
    {
        var response = new FetchResponse
        {
            Responses = { new() { Topic = "orders", Partitions = { new() { HighWatermark = 9, Records = new byte[OneMegabyte] } } } },
        };
        var output = new CountingOutput();
        Write(response, output);

        var allocated = Allocated(() => Write(response, output));

        allocated.ShouldBe(0);
        output.Referenced.ShouldBe(3 * OneMegabyte);
    }

    private static void Read(ProduceRequest request, ReadOnlyMemory<byte> bytes)
    {
        var reader = new KafkaReader(bytes);
        request.Read(ref reader, 12);
    }

    private static void Write(FetchResponse response, IPayloadOutput output)
    {
        var writer = new KafkaWriter(output);
        response.Write(ref writer, 12);
        writer.Flush();
    }

    private static ReadOnlyMemory<byte> Written(ProduceRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        request.Write(ref writer, 12);
        writer.Flush();
        return output.WrittenMemory;
    }

    private static long Allocated(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class CountingOutput : IPayloadOutput
    {
        private readonly byte[] _buffer = new byte[4096];

        public long Referenced { get; private set; }

        public void AppendReference(ReadOnlyMemory<byte> payload) => Referenced += payload.Length;

        public void Advance(int count) => ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length);

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer;
    }
}
