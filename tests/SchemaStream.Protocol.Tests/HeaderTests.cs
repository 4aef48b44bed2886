using System.Buffers;

namespace SchemaStream.Protocol.Tests;

public sealed class HeaderTests
{
    [Theory]
    [InlineData(0, "0012000300000007")]
    [InlineData(1, "001200030000000700026D65")]
    [InlineData(2, "001200030000000700026D6500")]
    public void RequestHeader_InEachVersion_HasKafkasLayout(short version, string hex)
    {
        var header = new RequestHeader(ApiKey.ApiVersions, 3, 7, version == 0 ? null : "me");
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        header.Write(ref writer, version);
        writer.Flush();

        Convert.ToHexString(output.WrittenSpan).ShouldBe(hex);
        var reader = new KafkaReader(output.WrittenMemory);
        RequestHeader.Read(ref reader, version).ShouldBe(header);
        reader.End.ShouldBeTrue();
        RequestHeader.Peek(output.WrittenMemory).ShouldBe((ApiKey.ApiVersions, (short)3));
    }

    [Fact]
    public void RequestHeader_WithoutClientId_HasNull()
    {
        var reader = new KafkaReader(Convert.FromHexString("0012000000000007FFFF"));
        RequestHeader.Read(ref reader, 1).ClientId.ShouldBeNull();
    }

    [Fact]
    public void RequestHeader_WithUnknownTaggedFields_SkipsThem()
    {
        var reader = new KafkaReader(Convert.FromHexString("0012000300000007FFFF01050101"));
        RequestHeader.Read(ref reader, 2).CorrelationId.ShouldBe(7);
        reader.End.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, "00000007")]
    [InlineData(1, "0000000700")]
    public void ResponseHeader_InEachVersion_HasKafkasLayout(short version, string hex)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        new ResponseHeader(7).Write(ref writer, version);
        writer.Flush();

        Convert.ToHexString(output.WrittenSpan).ShouldBe(hex);
        var reader = new KafkaReader(output.WrittenMemory);
        ResponseHeader.Read(ref reader, version).CorrelationId.ShouldBe(7);
        reader.End.ShouldBeTrue();
    }

    [Fact]
    public void ResponseHeader_OfApiVersions_IsVersionZeroAlways()
    {
        var api = MessageCatalog.Find(ApiKey.ApiVersions)!;
        api.RequestHeaderVersion(3).ShouldBe((short)2);
        api.ResponseHeaderVersion(3).ShouldBe((short)0);
        MessageCatalog.Find(ApiKey.Metadata)!.ResponseHeaderVersion(9).ShouldBe((short)1);
        MessageCatalog.Find(ApiKey.Metadata)!.ResponseHeaderVersion(8).ShouldBe((short)0);
    }
}
