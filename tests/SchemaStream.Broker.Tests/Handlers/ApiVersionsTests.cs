using System.Buffers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class ApiVersionsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Table_ListsWhatIsServed(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var response = await client.SendAsync(
            new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1.0" }, version);

        response.ErrorCode.ShouldBe(ErrorCode.None);
        var served = response.ApiKeys.ToDictionary(key => (ApiKey)key.ApiKey, key => (key.MinVersion, key.MaxVersion));
        served[ApiKey.Produce].ShouldBe(((short)0, (short)13), "older clients look for v0 before they use their codecs");
        served[ApiKey.Fetch].ShouldBe(((short)4, (short)18));
        served[ApiKey.Metadata].ShouldBe(((short)0, (short)13));
        served[ApiKey.ApiVersions].ShouldBe(((short)0, (short)4));
        served[ApiKey.JoinGroup].ShouldBe(((short)0, (short)9));
        served[ApiKey.OffsetFetch].ShouldBe(((short)1, (short)10));
        served[ApiKey.EndTxn].ShouldBe(((short)0, (short)5));
        served[ApiKey.DescribeQuorum].ShouldBe(((short)0, (short)2));
        served.Keys.ShouldAllBe(key => (short)key < 1000, "what nodes say to each other is for the controllers' listener");
        served.Count.ShouldBeGreaterThanOrEqualTo(37);
        if (version >= 3)
        {
            response.FinalizedFeatures.Select(feature => (feature.Name, feature.MaxVersionLevel)).ShouldBe(
                [("group.version", (short)1), ("metadata.version", (short)29), ("transaction.version", (short)2)]);
            response.FinalizedFeaturesEpoch.ShouldBeGreaterThanOrEqualTo(0);
            response.SupportedFeatures.Select(feature => (feature.Name, feature.MinVersion, feature.MaxVersion)).ShouldBe(
            [
                ("group.version", (short)(version == 3 ? 1 : 0), (short)1),
                ("metadata.version", (short)7, (short)29),
                ("transaction.version", (short)(version == 3 ? 1 : 0), (short)2),
            ]);
        }
    }

    [Fact]
    public async Task Version_ThatIsUnknown_IsAnsweredInTheLayoutOfVersion0()
    {
        await using var client = await fixture.Broker.ConnectRawAsync();
        await client.SendFrameAsync(new byte[] { 0, 18, 0, 99, 0, 0, 0, 42, 0, 1, 65, 0, 1, 2, 3 });

        var frame = await client.ReceiveFrameAsync();
        var reader = new KafkaReader(frame);
        reader.ReadInt32().ShouldBe(42);
        var response = new ApiVersionsResponse();
        response.Read(ref reader, 0);
        reader.End.ShouldBeTrue();
        response.ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
        response.ApiKeys.ShouldContain(key => key.ApiKey == 18 && key.MaxVersion == 4);

        // The connection goes on: the client chooses again.
        await client.SendFrameAsync(Frame(new ApiVersionsRequest(), 0));
        (await client.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-name")]
    [InlineData("na me")]
    public async Task SoftwareName_ThatIsNone_IsRefused(string name)
    {
        await using var client = await fixture.ConnectAsync();
        var response = await client.SendAsync(new ApiVersionsRequest { ClientSoftwareName = name, ClientSoftwareVersion = "1" }, 3);
        response.ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    private static byte[] Frame(ApiVersionsRequest request, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        new RequestHeader(ApiKey.ApiVersions, version, 1, "raw").Write(ref writer, 1);
        request.Write(ref writer, version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
