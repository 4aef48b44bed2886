using System.Buffers;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Records;

/// <summary>
/// The form of a metadata record in <c>__cluster_metadata</c>: frame version, kind and version as unsigned varints, then
/// the fields. An unknown kind is an error, not something to skip: an image without it would be another cluster.
/// </summary>
public static class MetadataRecordFormat
{
    private const uint FrameVersion = 1;
    private const short RecordVersion = 0;

    public static ReadOnlyMemory<byte> Encode(IRecordMessage record)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.RecordType);
        writer.WriteUnsignedVarint((uint)RecordVersion);
        record.Write(ref writer, RecordVersion);
        writer.Flush();
        return output.WrittenMemory;
    }

    /// <exception cref="ProtocolException">The bytes are no record that this version knows.</exception>
    public static IRecordMessage Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new KafkaReader(value);
        var frame = reader.ReadUnsignedVarint("frame version");
        if (frame != FrameVersion)
        {
            throw new ProtocolException($"frame version of a metadata record: expected {FrameVersion}, found {frame}");
        }

        var kind = reader.ReadUnsignedVarint("record kind");
        var version = reader.ReadUnsignedVarint("record version");
        if (version != (uint)RecordVersion)
        {
            throw new ProtocolException($"version of metadata record {kind}: expected {RecordVersion}, found {version}");
        }

        var record = Create(kind);
        record.Read(ref reader, (short)version);
        reader.ExpectEnd("metadata record");
        return record;
    }

    private static IRecordMessage Create(uint kind) => kind switch
    {
        1 => new ClusterRecord(),
        2 => new RegisterBrokerRecord(),
        3 => new BrokerFencingRecord(),
        4 => new UnregisterBrokerRecord(),
        5 => new TopicRecord(),
        6 => new PartitionRecord(),
        7 => new PartitionChangeRecord(),
        8 => new RemoveTopicRecord(),
        9 => new ConfigRecord(),
        10 => new ProducerIdsRecord(),
        11 => new FeatureLevelRecord(),
        _ => throw new ProtocolException($"kind of a metadata record: expected 1 to 11, found {kind}: written by a newer version"),
    };
}
