using System.Buffers;
using System.Buffers.Binary;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Bench.Cluster.Wire;

/// <summary>Whole requests as bytes, encoded once: sending one again costs the client nothing.</summary>
internal static class Frames
{
    public const short ProduceVersion = 12;
    public const short FetchVersion = 17;

    /// <summary>A batch of records of so many bytes each, as a producer makes it.</summary>
    public static byte[] Batch(int records, int valueBytes)
    {
        var value = new byte[valueBytes];
        new Random(1).NextBytes(value);
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            builder.Add(timestamp, null, value);
        }

        return builder.Build();
    }

    public static byte[] Produce(string topic, int partition, ReadOnlyMemory<byte> batch, short acks) => Of(
        new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
        },
        ProduceVersion,
        ProduceRequest.FirstFlexibleVersion);

    public static byte[] Fetch(Guid topicId, int partition, long offset, int maxBytes, int maxWaitMs = 0) => Of(
        new FetchRequest
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = 1,
            IsolationLevel = 1,
            Topics = [new() { TopicId = topicId, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = maxBytes }] }],
        },
        FetchVersion,
        FetchRequest.FirstFlexibleVersion);

    private static byte[] Of(IRequestMessage request, short version, short firstFlexibleVersion)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        new RequestHeader(request.Api, version, 1, "bench").Write(ref writer, RequestHeader.VersionFor(version >= firstFlexibleVersion));
        request.Write(ref writer, version);
        writer.Flush();
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
