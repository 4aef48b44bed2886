using System.Globalization;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Tests.Records;

/// <summary>The bytes are Kafka's: they are for ever, and any of its tools reads them.</summary>
public sealed class ConsumerGroupRecordFormatTests
{
    private const string Topic = "0123456789abcdef0123456789abcdef";

    private static readonly PartitionSet Partitions = PartitionSet.Of(
        [new(new Guid(Convert.FromHexString(Topic), bigEndian: true), 2), new(new Guid(Convert.FromHexString(Topic), bigEndian: true), 1)]);

    [Fact]
    public void Group_HasKafkasBytes()
    {
        ShouldBe(new ConsumerGroupMetadataRecord("g", new ConsumerGroupMetadata(7, 0)), "0003" + "000167", "0000" + "00000007" + "00");
        ShouldBe(
            new ConsumerGroupMetadataRecord("g", new ConsumerGroupMetadata(7, 5, 9)),
            "0003" + "000167",
            "0000" + "00000007" + "02" + "0008" + "0000000000000005" + "0108" + "0000000000000009");
    }

    [Fact]
    public void Member_HasKafkasBytes() => ShouldBe(
        new ConsumerGroupMemberMetadataRecord("g", "m", new ConsumerMemberMetadata
        {
            InstanceId = "i",
            ClientId = "c",
            ClientHost = "/h",
            SubscribedTopicNames = ["t"],
            SubscribedTopicRegex = "r",
            RebalanceTimeout = TimeSpan.FromMilliseconds(300),
        }),
        "0005" + "000167" + "00016d",
        "0000" + "0269" + "00" + "0263" + "032f68" + "020274" + "0272" + "0000012c" + "00" + "00");

    [Fact]
    public void Member_OfTheClassicProtocol_HasKafkasBytes() => ShouldBe(
        new ConsumerGroupMemberMetadataRecord("g", "m", new ConsumerMemberMetadata
        {
            ClientId = "c",
            ClientHost = "/h",
            RebalanceTimeout = TimeSpan.FromMilliseconds(300),
            ServerAssignor = "a",
            Classic = new ClassicMemberMetadata(TimeSpan.FromMilliseconds(200), [new JoinProtocol("p", new byte[] { 1, 2 })]),
        }),
        "0005" + "000167" + "00016d",

        // The tagged field: its size, that it is there, session time-out, one protocol.
        "0000" + "00" + "00" + "0263" + "032f68" + "01" + "00" + "0000012c" + "0261" + "01" + "000d"
            + "01" + "000000c8" + "02" + "0270" + "030102" + "00" + "00");

    [Fact]
    public void Targets_HaveKafkasBytes()
    {
        ShouldBe(new ConsumerGroupTargetAssignmentMetadataRecord("g", 4), "0006" + "000167", "0000" + "00000004" + "00");
        ShouldBe(
            new ConsumerGroupTargetAssignmentMemberRecord("g", "m", Partitions),
            "0007" + "000167" + "00016d",
            "0000" + "02" + Topic + "03" + "00000001" + "00000002" + "00" + "00");
    }

    [Fact]
    public void Assignment_HasKafkasBytes() => ShouldBe(
        new ConsumerGroupCurrentMemberAssignmentRecord("g", "m", new CurrentAssignment(
            5, 4, ConsumerMemberState.UnrevokedPartitions, PartitionSet.Empty, Partitions)),
        "0008" + "000167" + "00016d",
        "0000" + "00000005" + "00000004" + "01" + "01" + "02" + Topic + "03" + "00000001" + "00000002" + "00" + "00");

    [Fact]
    public void RegularExpression_HasKafkasBytes() => ShouldBe(
        new ConsumerGroupRegularExpressionRecord("g", "r.*", new ResolvedRegularExpression(["ra", "rb"], 3, 9)),
        "0010" + "000167" + "0003722e2a",
        "0000" + "03" + "037261" + "037262" + "0000000000000003" + "0000000000000009" + "00");

    [Fact]
    public void Tombstones_HaveNoValue()
    {
        ShouldBe(new ConsumerGroupMetadataRecord("g", null), "0003" + "000167", null);
        ShouldBe(new ConsumerGroupPartitionMetadataRecord("g"), "0004" + "000167", null);
        ShouldBe(new ConsumerGroupMemberMetadataRecord("g", "m", null), "0005" + "000167" + "00016d", null);
        ShouldBe(new ConsumerGroupTargetAssignmentMetadataRecord("g", null), "0006" + "000167", null);
        ShouldBe(new ConsumerGroupTargetAssignmentMemberRecord("g", "m", null), "0007" + "000167" + "00016d", null);
        ShouldBe(new ConsumerGroupCurrentMemberAssignmentRecord("g", "m", null), "0008" + "000167" + "00016d", null);
        ShouldBe(new ConsumerGroupRegularExpressionRecord("g", "r", null), "0010" + "000167" + "000172", null);
    }

    [Fact]
    public void Record_OfALaterKafka_IsReadAsFarAsItIsKnown()
    {
        // A tagged field of the partitions (KIP-1251) is passed over; a state that is not known is Unknown; the metadata of
        // topics that Kafka kept until 4.0 is nothing to us.
        var value = "0000" + "00000005" + "00000004" + "09" + "02" + Topic + "02" + "00000001" + "01" + "0005" + "0200000001" + "01" + "00";
        var current = (ConsumerGroupCurrentMemberAssignmentRecord)Decode("0008" + "000167" + "00016d", value);
        current.Value!.State.ShouldBe(ConsumerMemberState.Unknown);
        current.Value.Assigned.Count.ShouldBe(1);
        Decode("0004" + "000167", "0000" + "01" + "00").ShouldBeOfType<ConsumerGroupPartitionMetadataRecord>();
        GroupRecordFormat.TryDecode(Convert.FromHexString("0003" + "000167"), Convert.FromHexString("0001"), out _, out var skipped).ShouldBeFalse();
        skipped!.ShouldContain("unknown version 1");
    }

    [Fact]
    public void Member_WithMuchMetadata_ComesBackWhole()
    {
        var metadata = new byte[100_000];
        new Random(1).NextBytes(metadata);
        var record = new ConsumerGroupMemberMetadataRecord("g", "m", new ConsumerMemberMetadata
        {
            SubscribedTopicNames = [.. Enumerable.Range(0, 1000).Select(i => i.ToString("D4", CultureInfo.InvariantCulture))],
            Classic = new ClassicMemberMetadata(TimeSpan.FromSeconds(1), [new JoinProtocol("p", metadata)]),
        });
        var encoded = GroupRecordFormat.Encode(record);
        Decode(Convert.ToHexString(encoded.Key.Span), Convert.ToHexString(encoded.Value!.Value.Span)).ShouldBe(record);
    }

    [Fact]
    public void Numbers_OfStates_AreKafkas() =>
        Enum.GetValues<ConsumerMemberState>().Select(state => (state, (int)state)).ShouldBe(
        [
            (ConsumerMemberState.Stable, 0), (ConsumerMemberState.UnrevokedPartitions, 1),
            (ConsumerMemberState.UnreleasedPartitions, 2), (ConsumerMemberState.Unknown, 127),
        ]);

    private static void ShouldBe(GroupRecord record, string key, string? value)
    {
        var encoded = GroupRecordFormat.Encode(record);
        Convert.ToHexStringLower(encoded.Key.Span).ShouldBe(key);
        (encoded.Value is { } bytes ? Convert.ToHexStringLower(bytes.Span) : null).ShouldBe(value);
        GroupRecordFormat.TryDecode(encoded.Key, encoded.Value, out var decoded, out var skipped).ShouldBeTrue(skipped);
        decoded.ShouldBe(record);
    }

    private static GroupRecord Decode(string key, string value)
    {
        GroupRecordFormat.TryDecode(Convert.FromHexString(key), Convert.FromHexString(value), out var record, out var skipped).ShouldBeTrue(skipped);
        return record!;
    }
}
