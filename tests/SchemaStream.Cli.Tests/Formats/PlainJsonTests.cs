using System.Text;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Formats.Primitives;

namespace SchemaStream.Cli.Tests.Formats;

/// <summary>JSON Schema and primitives.</summary>
public sealed class PlainJsonTests
{
    [Fact]
    public void Json_KeepsNumbersAsTheyWereWritten()
    {
        var codec = SchemaCodecs.Create(SchemaFormat.Json, """{"type": "object"}""", [], JsonStyle.Readable);

        var bytes = codec.FromJson("""{ "n": 12345678901234567890.12345678901234567890, "t": "é<" }"""u8.ToArray());

        Encoding.UTF8.GetString(bytes).ShouldBe("""{"n":12345678901234567890.12345678901234567890,"t":"é<"}""");
        codec.ToJson(bytes).ShouldBe(bytes);
    }

    [Fact]
    public void Json_IsHeldAgainstItsSchema()
    {
        var codec = SchemaCodecs.Create(SchemaFormat.Json, """{"type": "object", "required": ["id"]}""", [], JsonStyle.Readable);

        Should.Throw<CodecException>(() => codec.FromJson("{}"u8.ToArray())).Message.ShouldContain("'id'");
        Should.Throw<CodecException>(() => codec.ToJson("{} {}"u8));
        Should.Throw<CodecException>(() => codec.ToJson("no"u8)).Message.ShouldContain("not JSON");
    }

    [Theory]
    [InlineData(SchemaFormat.Int64, "9223372036854775807", "7FFFFFFFFFFFFFFF")]
    [InlineData(SchemaFormat.Int32, "-1", "FFFFFFFF")]
    [InlineData(SchemaFormat.Float64, "1.0", "3FF0000000000000")]
    [InlineData(SchemaFormat.String, "\"é\"", "C3A9")]
    [InlineData(SchemaFormat.Bytes, "\"AP8=\"", "00FF")]
    [InlineData(SchemaFormat.None, "null", "")]
    public void Primitives_GoBothWays(SchemaFormat format, string json, string hex)
    {
        var codec = new PrimitiveCodec(format);

        Convert.ToHexString(codec.FromJson(Encoding.UTF8.GetBytes(json))).ShouldBe(hex);
        Encoding.UTF8.GetString(codec.ToJson(Convert.FromHexString(hex))).ShouldBe(json);
    }

    [Fact]
    public void Primitives_OfTheWrongSize_AreTold()
    {
        Should.Throw<CodecException>(() => new PrimitiveCodec(SchemaFormat.Int64).ToJson([1, 2])).Message.ShouldBe("2 bytes are no int64, which has 8");
        Should.Throw<CodecException>(() => new PrimitiveCodec(SchemaFormat.Int32).EncodeText("2147483648")).Message.ShouldBe("\"2147483648\" is no int32");
        Should.Throw<CodecException>(() => new PrimitiveCodec(SchemaFormat.String).FromJson("\"\\ud800\""u8.ToArray()));
    }
}
