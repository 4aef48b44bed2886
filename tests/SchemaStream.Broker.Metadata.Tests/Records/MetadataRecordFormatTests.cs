using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Records;

/// <summary>Bytes on disk are for ever: these lines may be added to, not changed.</summary>
public sealed class MetadataRecordFormatTests
{
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");

    private static readonly (short Kind, IRecordMessage Record, string Bytes)[] Golden =
    [
        (1, new ClusterRecord { ClusterId = "c1" }, "010100" + "036331" + "00"),
        (2, new RegisterBrokerRecord
        {
            BrokerId = 1, IncarnationId = Id, BrokerEpoch = 2, Rack = null, Fenced = true,
            Endpoints = [new() { Listener = "L", Host = "h", Port = 9092, SecurityProtocol = 0 }],
        }, "010200" + "00000001" + "00112233445566778899aabbccddeeff" + "0000000000000002" + "02" + "024c" + "0268" + "2384" + "0000" + "00" + "00" + "01" + "00"),
        (3, new BrokerFencingRecord { BrokerId = 1, BrokerEpoch = 2, Fenced = false }, "010300" + "00000001" + "0000000000000002" + "00" + "00"),
        (4, new UnregisterBrokerRecord { BrokerId = 1, BrokerEpoch = 2 }, "010400" + "00000001" + "0000000000000002" + "00"),
        (5, new TopicRecord { Name = "t", TopicId = Id }, "010500" + "0274" + "00112233445566778899aabbccddeeff" + "00"),
        (6, new PartitionRecord { TopicId = Id, PartitionId = 1, Replicas = [1, 2], Isr = [1], Leader = 1, LeaderEpoch = 3, PartitionEpoch = 4 },
            "010600" + "00112233445566778899aabbccddeeff" + "00000001" + "030000000100000002" + "0200000001" + "00000001" + "00000003" + "00000004" + "00"),
        (7, new PartitionChangeRecord { TopicId = Id, PartitionId = 1, Replicas = null, Isr = [2], Leader = 2, LeaderEpoch = 4, PartitionEpoch = 5 },
            "010700" + "00112233445566778899aabbccddeeff" + "00000001" + "00" + "0200000002" + "00000002" + "00000004" + "00000005" + "00"),
        (8, new RemoveTopicRecord { TopicId = Id }, "010800" + "00112233445566778899aabbccddeeff" + "00"),
        (9, new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "k", Value = null }, "010900" + "02" + "0274" + "026b" + "00" + "00"),
        (10, new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 2, NextProducerId = 1000 },
            "010a00" + "00000001" + "0000000000000002" + "00000000000003e8" + "00"),
        (11, new FeatureLevelRecord { Name = "f", Level = 1 }, "010b00" + "0266" + "0001" + "00"),
    ];

    public static TheoryData<short> Kinds() => [.. Golden.Select(row => row.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_KeepsItsNumberAndBytes(short kind)
    {
        var (_, record, bytes) = Golden.Single(row => row.Kind == kind);
        record.RecordType.ShouldBe(kind);
        Convert.ToHexStringLower(MetadataRecordFormat.Encode(record).Span).ShouldBe(bytes);
        var decoded = MetadataRecordFormat.Decode(Convert.FromHexString(bytes));
        decoded.GetType().ShouldBe(record.GetType());
        Convert.ToHexStringLower(MetadataRecordFormat.Encode(decoded).Span).ShouldBe(bytes);
    }

    [Fact]
    public void Records_AreAllListedHere()
    {
        var defined = typeof(ClusterRecord).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IRecordMessage)) && type.IsClass);
        defined.Select(type => ((IRecordMessage)Activator.CreateInstance(type)!).RecordType).Order().ShouldBe(Golden.Select(row => row.Kind));
    }

    [Theory]
    [InlineData("")]
    [InlineData("020100")]
    [InlineData("010c00")]
    [InlineData("010001")]
    [InlineData("01010000")]
    [InlineData("0101000363310000")]
    public void Decode_OfBytesThatAreNone_Throws(string bytes) =>
        Should.Throw<ProtocolException>(() => MetadataRecordFormat.Decode(Convert.FromHexString(bytes)));
}
