using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Records;

/// <summary>Bytes on disk are for ever: these lines may be added to, not changed.</summary>
public sealed class MetadataRecordFormatTests
{
    private static readonly Guid Id = new("00112233-4455-6677-8899-aabbccddeeff");

    private static readonly (short Kind, short Version, IRecordMessage Record, string Bytes)[] Golden =
    [
        (1, 0, new ClusterRecord { ClusterId = "c1" }, "010100" + "036331" + "00"),
        (2, 0, new RegisterBrokerRecord
        {
            BrokerId = 1, IncarnationId = Id, BrokerEpoch = 2, Rack = null, Fenced = true,
            Endpoints = [new() { Listener = "L", Host = "h", Port = 9092, SecurityProtocol = 0 }],
        }, "010200" + "00000001" + "00112233445566778899aabbccddeeff" + "0000000000000002" + "02" + "024c" + "0268" + "2384" + "0000" + "00" + "00" + "01" + "00"),
        (3, 0, new BrokerFencingRecord { BrokerId = 1, BrokerEpoch = 2, Fenced = false }, "010300" + "00000001" + "0000000000000002" + "00" + "00"),
        (4, 0, new UnregisterBrokerRecord { BrokerId = 1, BrokerEpoch = 2 }, "010400" + "00000001" + "0000000000000002" + "00"),
        (5, 0, new TopicRecord { Name = "t", TopicId = Id }, "010500" + "0274" + "00112233445566778899aabbccddeeff" + "00"),
        (6, 0, new PartitionRecord { TopicId = Id, PartitionId = 1, Replicas = [1, 2], Isr = [1], Leader = 1, LeaderEpoch = 3, PartitionEpoch = 4 },
            "010600" + "00112233445566778899aabbccddeeff" + "00000001" + "030000000100000002" + "0200000001" + "00000001" + "00000003" + "00000004" + "00"),
        (7, 0, new PartitionChangeRecord { TopicId = Id, PartitionId = 1, Replicas = null, Isr = [2], Leader = 2, LeaderEpoch = 4, PartitionEpoch = 5 },
            "010700" + "00112233445566778899aabbccddeeff" + "00000001" + "00" + "0200000002" + "00000002" + "00000004" + "00000005" + "00"),
        (8, 0, new RemoveTopicRecord { TopicId = Id }, "010800" + "00112233445566778899aabbccddeeff" + "00"),
        (9, 0, new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "k", Value = null }, "010900" + "02" + "0274" + "026b" + "00" + "00"),
        (10, 0, new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 2, NextProducerId = 1000 },
            "010a00" + "00000001" + "0000000000000002" + "00000000000003e8" + "00"),
        (11, 0, new FeatureLevelRecord { Name = "f", Level = 1 }, "010b00" + "0266" + "0001" + "00"),
        (12, 0, new ClientQuotaRecord { Entity = [new() { Type = "ip", Name = null }], Key = "k", Value = 1, Remove = false },
            "010c00" + "02" + "036970" + "00" + "00" + "026b" + "3ff0000000000000" + "00" + "00"),
        (13, 0, new ScramCredentialRecord
        {
            User = "u", Mechanism = 1, Salt = new byte[] { 1 }, StoredKey = new byte[] { 2 }, ServerKey = new byte[] { 3 }, Iterations = 4096,
        }, "010d00" + "0275" + "01" + "0201" + "0202" + "0203" + "00001000" + "00"),
        (14, 0, new RemoveScramCredentialRecord { User = "u", Mechanism = 2 }, "010e00" + "0275" + "02" + "00"),
        (2, 1, new RegisterBrokerRecord
        {
            BrokerId = 1, IncarnationId = Id, BrokerEpoch = 2, Rack = "r", Fenced = false, DirectoryId = Id, InControlledShutdown = true,
            Endpoints = [new() { Listener = "L", Host = "h", Port = 9092, SecurityProtocol = 0 }],
        }, "010201" + "00000001" + "00112233445566778899aabbccddeeff" + "0000000000000002" + "02" + "024c" + "0268" + "2384" + "0000" + "00" + "0272" + "00"
            + "00112233445566778899aabbccddeeff" + "01" + "00"),
        (3, 1, new BrokerFencingRecord { BrokerId = 1, BrokerEpoch = 2, Fenced = false, InControlledShutdown = true },
            "010301" + "00000001" + "0000000000000002" + "00" + "01" + "00"),
        (6, 1, new PartitionRecord
        {
            TopicId = Id, PartitionId = 1, Replicas = [1, 2], Isr = [1], Leader = 1, LeaderEpoch = 3, PartitionEpoch = 4,
            Elr = [2], LastKnownElr = [], AddingReplicas = [2], RemovingReplicas = [1],
        }, "010601" + "00112233445566778899aabbccddeeff" + "00000001" + "030000000100000002" + "0200000001" + "00000001" + "00000003" + "00000004"
            + "0200000002" + "01" + "0200000002" + "0200000001" + "00"),
        (7, 1, new PartitionChangeRecord
        {
            TopicId = Id, PartitionId = 1, Isr = [], Leader = -1, LeaderEpoch = 4, PartitionEpoch = 5,
            Elr = [2], LastKnownElr = [1], AddingReplicas = null, RemovingReplicas = [],
        }, "010701" + "00112233445566778899aabbccddeeff" + "00000001" + "00" + "01" + "ffffffff" + "00000004" + "00000005"
            + "0200000002" + "0200000001" + "00" + "01" + "00"),
    ];

    public static TheoryData<short, short> Layouts()
    {
        var layouts = new TheoryData<short, short>();
        foreach (var row in Golden)
        {
            layouts.Add(row.Kind, row.Version);
        }

        return layouts;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Record_KeepsItsNumberAndBytes(short kind, short version)
    {
        var (_, _, record, bytes) = Golden.Single(row => row.Kind == kind && row.Version == version);
        record.RecordType.ShouldBe(kind);
        Convert.ToHexStringLower(MetadataRecordFormat.Encode(record, version).Span).ShouldBe(bytes);
        var decoded = MetadataRecordFormat.Decode(Convert.FromHexString(bytes));
        decoded.GetType().ShouldBe(record.GetType());
        Convert.ToHexStringLower(MetadataRecordFormat.Encode(decoded, version).Span).ShouldBe(bytes);
    }

    [Fact]
    public void Records_AreAllListedHere_AndWrittenInTheirNewestForm()
    {
        var defined = typeof(ClusterRecord).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IRecordMessage)) && type.IsClass)
            .Select(type => (IRecordMessage)Activator.CreateInstance(type)!);
        defined.Select(record => (record.RecordType, (short)MetadataRecordFormat.Encode(record).Span[2])).Order()
            .ShouldBe(Golden.GroupBy(row => row.Kind).Select(rows => (rows.Key, rows.Max(row => row.Version))));
    }

    [Theory]
    [InlineData("01030200")]
    [InlineData("")]
    [InlineData("020100")]
    [InlineData("010f00")]
    [InlineData("010001")]
    [InlineData("01010000")]
    [InlineData("0101000363310000")]
    public void Decode_OfBytesThatAreNone_Throws(string bytes) =>
        Should.Throw<ProtocolException>(() => MetadataRecordFormat.Decode(Convert.FromHexString(bytes)));
}
