using System.Buffers;
using System.Buffers.Binary;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Broker;

/// <summary>A topic that is there once its metadata has been asked for.</summary>
internal static class TopicOnWire
{
    private const short Version = 12;

    /// <returns>Its id.</returns>
    public static Guid Create(RawSession session, string topic)
    {
        while (true)
        {
            session.Exchange(Ask(topic));
            var reader = new KafkaReader(session.Response);
            ResponseHeader.Read(ref reader, 1);
            var answer = new MetadataResponse();
            answer.Read(ref reader, Version);
            if (answer.Topics[0].ErrorCode == ErrorCode.None)
            {
                return answer.Topics[0].TopicId;
            }
        }
    }

    private static byte[] Ask(string topic)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        new RequestHeader(ApiKey.Metadata, Version, 1, "bench").Write(ref writer, RequestHeader.VersionFor(flexible: true));
        new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = true }.Write(ref writer, Version);
        writer.Flush();
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
