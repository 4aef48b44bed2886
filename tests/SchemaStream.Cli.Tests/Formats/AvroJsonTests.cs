using System.Text;
using System.Text.Json;
using SchemaStream.Avro;
using SchemaStream.Cli.Formats;

namespace SchemaStream.Cli.Tests.Formats;

public sealed class AvroJsonTests
{
    private const string Order =
        """
        {"type": "record", "name": "Order", "namespace": "acme", "fields": [
          {"name": "id", "type": "long"},
          {"name": "note", "type": ["null", "string"], "default": null},
          {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 2}},
          {"name": "day", "type": {"type": "int", "logicalType": "date"}},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
          {"name": "who", "type": {"type": "string", "logicalType": "uuid"}},
          {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"]}, "default": "OPEN"},
          {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
            {"name": "sku", "type": "string"}, {"name": "weight", "type": "double"}]}}, "default": []},
          {"name": "tags", "type": {"type": "map", "values": "int"}, "default": {}},
          {"name": "payment", "type": ["null", "Line", "acme.Status", "long"], "default": null},
          {"name": "raw", "type": {"type": "fixed", "name": "Raw", "size": 2}}
        ]}
        """;

    [Fact]
    public void Encoded_IsAvrosOwnJson()
    {
        const string json =
            """{"id":9223372036854775807,"note":{"string":"hé"},"price":"\u0004Ò","day":0,"at":-1,"who":"x","status":"PAID","lines":[{"sku":"a","weight":1.0}],"tags":{"a":1},"payment":{"acme.Line":{"sku":"b","weight":0.5}},"raw":"\u0001ÿ"}""";

        RoundTrip(Order, JsonStyle.Encoded, json).ShouldBe(json);
    }

    [Fact]
    public void Readable_IsForPeople()
    {
        const string json =
            """{"id":9007199254740993,"note":"hé","price":"-1234567890123456789012345678.90","day":"2024-02-29","at":"1969-12-31T23:59:59.999999Z","who":"x","status":"OPEN","lines":[],"tags":{},"payment":{"long":9007199254740993},"raw":"ab"}""";

        RoundTrip(Order, JsonStyle.Readable, json).ShouldBe(json);
    }

    [Fact]
    public void Readable_TakesDefaultsForWhatIsLeftOut_AndBothFormsOfOptionalValues()
    {
        const string json = """{"id": "12", "note": {"string": "x"}, "price": 1.5, "day": 3, "at": "2024-02-29T12:00:00+01:00", "who": "w", "payment": 5, "raw": "ab"}""";

        RoundTrip(Order, JsonStyle.Readable, json).ShouldBe(
            """{"id":12,"note":"x","price":"1.50","day":"1970-01-04","at":"2024-02-29T11:00:00.000000Z","who":"w","status":"OPEN","lines":[],"tags":{},"payment":{"long":5},"raw":"ab"}""");
    }

    [Theory]
    [InlineData("""{"id": 1.5}""", "id: 1.5 is no long")]
    [InlineData("""{"id": 1, "nothing": 2}""", "acme.Order has no field \"nothing\"; it has id, note,")]
    [InlineData("""{"id": 1}""", "price: the field is missing, and acme.Order has no default for it")]
    [InlineData("""{"id": 1, "price": "1.005"}""", "price: \"1.005\" is no bytes (decimal, 30 digits, 2 of them behind the point)")]
    [InlineData("""{"id": 1, "price": "1", "day": "31.12.2024"}""", "day: \"31.12.2024\" is no int (Date)")]
    [InlineData("""{"id": 1, "price": "1", "day": 1, "at": 1, "who": "w", "lines": [{"sku": "a", "weight": "heavy"}]}""", "lines[0].weight: \"heavy\" is no double")]
    [InlineData("""{"id": 1, "price": "1", "day": 1, "at": 1, "who": "w", "status": "GONE"}""", "status: \"GONE\" is no symbol of acme.Status; it has OPEN, PAID")]
    [InlineData("""{"id": 1, "note": "\ud800"}""", "note")]
    [InlineData("""{"id": """, "the text is no JSON")]
    public void WhatDoesNotFit_IsNamedWithItsPlace(string json, string message) =>
        Should.Throw<CodecException>(() => Codec(Order, JsonStyle.Readable).FromJson(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(message);

    [Fact]
    public void Encoded_WantsTheTypesNameInAUnion() =>
        Should.Throw<CodecException>(() => RoundTrip("""["null", "string"]""", JsonStyle.Encoded, "\"x\"")).Message
            .ShouldContain("a union's value is written {\"type\": value}, with one of null, string");

    [Theory]
    [InlineData("""{"type": "int", "logicalType": "time-millis"}""", "\"12:34:56.789\"")]
    [InlineData("""{"type": "long", "logicalType": "timestamp-nanos"}""", "\"2024-02-29T12:34:56.123456789Z\"")]
    [InlineData("""{"type": "long", "logicalType": "local-timestamp-millis"}""", "\"0001-01-01T00:00:00.000\"")]
    [InlineData("""{"type": "long", "logicalType": "timestamp-millis"}""", "9223372036854775807")]
    [InlineData("""{"type": "fixed", "name": "F", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 9}""", "\"-0.000000001\"")]
    [InlineData("""{"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}""", """{"months":1,"days":2,"millis":4294967295}""")]
    [InlineData("""{"type": "fixed", "name": "G", "size": 16, "logicalType": "uuid"}""", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"")]
    [InlineData("\"double\"", "\"NaN\"")]
    [InlineData("\"float\"", "\"-Infinity\"")]
    [InlineData("\"bytes\"", "\"\\u0000ÿ\"")]
    [InlineData("\"null\"", "null")]
    public void Readable_ComesBackAsItWas(string schema, string json) => RoundTrip(schema, JsonStyle.Readable, json).ShouldBe(json);

    [Fact]
    public void Bytes_AreThoseThatTheSdkWrites()
    {
        var serializer = new AvroSerializer<Parcel>();
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var parcel = new Parcel("p-1", 12.5m, [1L, -1L], null, new Dictionary<string, double> { ["x"] = 0.1 });
        serializer.Serialize(parcel, new SerializationContext("parcels", RecordSlot.Value), output);
        var codec = Codec(serializer.SchemaText, JsonStyle.Readable);

        var json = codec.ToJson(output.WrittenSpan);

        codec.FromJson(json).ShouldBe(output.WrittenSpan.ToArray());
        using var document = JsonDocument.Parse(json);
        document.RootElement.GetProperty("Id").GetString().ShouldBe("p-1");
    }

    [Fact]
    public void DamagedBytes_AreToldAndDoNoHarm()
    {
        var codec = Codec(Order, JsonStyle.Readable);
        var good = codec.FromJson("""{"id": 1, "price": "1", "day": 1, "at": 1, "who": "w", "raw": "ab"}"""u8.ToArray());
        var random = new Random(20261123);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = good.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                codec.ToJson(bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            }
            catch (CodecException told)
            {
                told.Message.ShouldNotBeEmpty();
            }
        }

        Should.Throw<CodecException>(() => Codec("""{"type": "array", "items": "null"}""", JsonStyle.Readable).ToJson([0xFE, 0xFF, 0xFF, 0xFF, 0x0F]));
    }

    [Fact]
    public void AValueThatIsTooDeep_IsRefusedBothWays()
    {
        const string list = """{"type": "record", "name": "List", "fields": [{"name": "next", "type": ["null", "List"]}]}""";
        Should.Throw<CodecException>(() => Codec(list, JsonStyle.Readable).ToJson(Enumerable.Repeat((byte)2, 100_000).ToArray()))
            .Message.ShouldContain("levels deep");
        Should.Throw<CodecException>(() => Codec(list, JsonStyle.Readable).FromJson(Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"next\":", 5000)) + "null" + new string('}', 5000))));
    }

    private static ISchemaCodec Codec(string schema, JsonStyle style) => SchemaCodecs.Create(SchemaFormat.Avro, schema, [], style);

    private static string RoundTrip(string schema, JsonStyle style, string json)
    {
        var codec = Codec(schema, style);
        return Encoding.UTF8.GetString(codec.ToJson(codec.FromJson(Encoding.UTF8.GetBytes(json))));
    }

    internal sealed record Parcel(string Id, [property: AvroDecimal(10, 2)] decimal Weight, long[] Marks, int? Floor, Dictionary<string, double> Sizes);
}
