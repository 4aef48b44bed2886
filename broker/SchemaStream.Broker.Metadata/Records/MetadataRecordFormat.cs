using System.Buffers;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Records;

/// <summary>
/// The form of a metadata record in <c>__cluster_metadata</c>: frame version, kind and version as unsigned varints, then
/// the fields. An unknown kind or version is an error, not something to skip: an image without it would be another cluster.
/// </summary>
public static class MetadataRecordFormat
{
    private const uint FrameVersion = 1;

    public static ReadOnlyMemory<byte> Encode(IRecordMessage record) => Encode(record, NewestVersion(record));

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
        var record = Create(kind);
        var newest = NewestVersion(record);
        if (version > (uint)newest)
        {
            throw new ProtocolException($"version of metadata record {kind}: expected 0 to {newest}, found {version}");
        }

        record.Read(ref reader, (short)version);
        reader.ExpectEnd("metadata record");
        return record;
    }

    /// <summary>In an older form, as logs on disk still have it.</summary>
    internal static ReadOnlyMemory<byte> Encode(IRecordMessage record, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.RecordType);
        writer.WriteUnsignedVarint((uint)version);
        record.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory;
    }

    private static short NewestVersion(IRecordMessage record) => record switch
    {
        RegisterBrokerRecord => RegisterBrokerRecord.MaxVersion,
        BrokerFencingRecord => BrokerFencingRecord.MaxVersion,
        PartitionRecord => PartitionRecord.MaxVersion,
        PartitionChangeRecord => PartitionChangeRecord.MaxVersion,
        _ => 0,
    };

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
        12 => new ClientQuotaRecord(),
        13 => new ScramCredentialRecord(),
        14 => new RemoveScramCredentialRecord(),
        _ => throw new ProtocolException($"kind of a metadata record: expected 1 to 14, found {kind}: written by a newer version"),
    };
}
