using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination.Tests.Records;

/// <summary>The bytes are Kafka's: they are for ever, and any of its tools reads them.</summary>
public sealed class GroupRecordFormatTests
{
    private const string OffsetKey = "0001" + "000167" + "000174" + "00000005";
    private const string GroupKey = "0002" + "000167";

    [Fact]
    public void Offset_HasKafkasBytes()
    {
        var record = new OffsetCommitRecord("g", "t", 5, new CommittedOffset(42, 3, "m", 1000));
        ShouldBe(record, OffsetKey, "0003" + "000000000000002a" + "00000003" + "00016d" + "00000000000003e8");
    }

    [Fact]
    public void Offset_WithARetentionOfItsOwn_HasTheOlderVersion()
    {
        var record = new OffsetCommitRecord("g", "t", 5, new CommittedOffset(42, -1, "", 1000, 2000));
        ShouldBe(record, OffsetKey, "0001" + "000000000000002a" + "0000" + "00000000000003e8" + "00000000000007d0");
    }

    [Fact]
    public void Tombstones_HaveNoValue()
    {
        ShouldBe(new OffsetCommitRecord("g", "t", 5, null), OffsetKey, null);
        ShouldBe(new GroupMetadataRecord("g", null), GroupKey, null);
    }

    [Fact]
    public void Group_HasKafkasBytes()
    {
        var record = new GroupMetadataRecord("g", new GroupMetadata
        {
            ProtocolType = "consumer",
            GenerationId = 7,
            ProtocolName = "range",
            LeaderId = "l",
            CurrentStateTimestampMs = 1000,
            Members =
            [
                new PersistedMember
                {
                    MemberId = "l", GroupInstanceId = null, ClientId = "c", ClientHost = "/h",
                    RebalanceTimeout = TimeSpan.FromMilliseconds(300), SessionTimeout = TimeSpan.FromMilliseconds(200),
                    Subscription = new byte[] { 1 }, Assignment = new byte[] { 2, 3 },
                },
            ],
        });
        ShouldBe(record, GroupKey,
            "0003" + "0008636f6e73756d6572" + "00000007" + "000572616e6765" + "00016c" + "00000000000003e8" + "00000001"
            + "00016c" + "ffff" + "000163" + "00022f68" + "0000012c" + "000000c8" + "0000000101" + "000000020203");
    }

    [Theory]
    [InlineData("0000" + "000167" + "000174" + "00000005", "0000" + "000000000000002a" + "00016d" + "00000000000003e8")]
    [InlineData(OffsetKey, "0002" + "000000000000002a" + "00016d" + "00000000000003e8")]
    [InlineData(OffsetKey, "0004" + "000000000000002a" + "ffffffff" + "026d" + "00000000000003e8" + "00")]
    [InlineData(OffsetKey, "0004" + "000000000000002a" + "ffffffff" + "026d" + "00000000000003e8" + "010010" + "00112233445566778899aabbccddeeff")]
    public void Offset_OfEveryVersion_IsRead(string key, string value)
    {
        GroupRecordFormat.TryDecode(Convert.FromHexString(key), Convert.FromHexString(value), out var record, out _).ShouldBeTrue();
        record.ShouldBe(new OffsetCommitRecord("g", "t", 5, new CommittedOffset(42, -1, "m", 1000)));
    }

    [Fact]
    public void Group_OfTheFirstVersion_RebalancesWithItsSession()
    {
        var value = "0000" + "0001" + "63" + "00000007" + "ffff" + "ffff" + "00000001"
            + "00016c" + "000163" + "00022f68" + "000000c8" + "00000000" + "00000000";
        GroupRecordFormat.TryDecode(Convert.FromHexString(GroupKey), Convert.FromHexString(value), out var record, out _).ShouldBeTrue();
        record.ShouldBeOfType<GroupMetadataRecord>().Value!.Members.Single().RebalanceTimeout.ShouldBe(TimeSpan.FromMilliseconds(200));
    }

    [Theory]
    [InlineData("0009" + "000167", "0000", "unknown kind 9")]
    [InlineData(GroupKey, "0009", "unknown version 9")]
    [InlineData(OffsetKey, "ffff", "unknown version -1")]
    [InlineData("00", "00", "unreadable")]
    [InlineData("", "", "unreadable")]
    [InlineData(OffsetKey, "0003" + "0000", "unreadable")]
    [InlineData(GroupKey, "0003" + "000163" + "00000007" + "ffff" + "ffff" + "00000000000003e8" + "7fffffff", "unreadable")]
    public void Record_ThatIsNotKnown_IsSkippedWithAReport(string key, string value, string report)
    {
        GroupRecordFormat.TryDecode(Convert.FromHexString(key), Convert.FromHexString(value), out var record, out var skipped).ShouldBeFalse();
        record.ShouldBeNull();
        skipped.ShouldNotBeNull().ShouldContain(report);
    }

    private static void ShouldBe(GroupRecord record, string key, string? value)
    {
        var encoded = GroupRecordFormat.Encode(record);
        Convert.ToHexStringLower(encoded.Key.Span).ShouldBe(key);
        (encoded.Value is { } bytes ? Convert.ToHexStringLower(bytes.Span) : null).ShouldBe(value);

        GroupRecordFormat.TryDecode(encoded.Key, encoded.Value, out var decoded, out _).ShouldBeTrue();
        var again = GroupRecordFormat.Encode(decoded!);
        Convert.ToHexStringLower(again.Key.Span).ShouldBe(key);
        (again.Value is { } copy ? Convert.ToHexStringLower(copy.Span) : null).ShouldBe(value);
    }
}
