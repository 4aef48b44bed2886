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

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void Read_OfAProduceRequestIntoAUsedOne_AllocatesNothing(short version)
    {
        var bytes = Written(
            new ProduceRequest
            {
                TopicData =
                {
                    new() { Name = "orders", PartitionData = { new() { Records = new byte[100] }, new() { Index = 1 } } },
                    new() { Name = "payments", PartitionData = { new() { Records = new byte[100] } } },
                },
            },
            version);
        var (request, texts) = (new ProduceRequest(), new TextCache());

        Allocated(() =>
        {
            var reader = new KafkaReader(bytes, texts);
            request.Read(ref reader, version);
        }).ShouldBe(0);
    }

    [Fact]
    public void Read_OfAFetchIntoUsedMessages_AllocatesNothing()
    {
        var question = Written(
            new FetchRequest
            {
                ReplicaState = new() { ReplicaId = 2, ReplicaEpoch = 7 },
                Topics = { new() { TopicId = Guid.NewGuid(), Partitions = { new() { HighWatermark = 5 }, new() { Partition = 1 } } } },
            },
            18);
        var answer = Written(
            new FetchResponse
            {
                Responses = { new() { Partitions = { new() { AbortedTransactions = [], Records = new byte[100] }, new() } } },
            },
            18);
        var (request, response) = (new FetchRequest(), new FetchResponse());

        Allocated(() =>
        {
            var reader = new KafkaReader(question);
            request.Read(ref reader, 18);
            reader = new KafkaReader(answer);
            response.Read(ref reader, 18);
        }).ShouldBe(0);
    }

    [Fact]
    public void Write_OfAFollowersFetch_AllocatesNothingForItsTaggedFields()
    {
        var request = new FetchRequest
        {
            ReplicaState = new() { ReplicaId = 2, ReplicaEpoch = 7 },
            Topics = { new() { Partitions = { new() { HighWatermark = 5 } } } },
        };
        var output = new CountingOutput();

        Allocated(() =>
        {
            var writer = new KafkaWriter(output);
            request.Write(ref writer, 18);
            writer.Flush();
        }).ShouldBe(0);
    }

    [Fact]
    public void Reset_OfAMessageThatHeldVeryMuch_KeepsOnlySoMuch()
    {
        var request = new FetchRequest();
        var topic = new FetchRequest.FetchTopic();
        request.Topics.Add(topic);
        for (var i = 0; i < 3 * SpareParts<FetchRequest.FetchPartition, FetchRequest>.MaxParts; i++)
        {
            topic.Partitions.Add(new() { Partition = i });
        }

        request.Reset();

        topic.Partitions.Capacity.ShouldBe(0);
        Enumerable.Range(0, SpareParts<FetchRequest.FetchPartition, FetchRequest>.MaxParts)
            .Select(_ => request.NewFetchPartition())
            .ShouldAllBe(part => part.Partition == 0);
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
        output.Referenced.ShouldBe(4 * OneMegabyte);
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

    private static ReadOnlyMemory<byte> Written(IMessage message, short version = 12)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        message.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory;
    }

    private static long Allocated(Action action)
    {
        // Spares are made when a message is used for the second time.
        action();
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
