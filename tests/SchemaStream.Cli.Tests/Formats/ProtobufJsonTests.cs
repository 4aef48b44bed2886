using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SchemaStream.Cli.Formats;

namespace SchemaStream.Cli.Tests.Formats;

public sealed class ProtobufJsonTests
{
    private const string Order =
        """
        syntax = "proto3";
        package acme;
        import "google/protobuf/timestamp.proto";
        import "google/protobuf/duration.proto";
        import "google/protobuf/wrappers.proto";
        import "google/protobuf/struct.proto";
        import "google/protobuf/any.proto";
        import "google/protobuf/field_mask.proto";
        message Order {
          message Line { string sku = 1; repeated sint64 marks = 2; }
          enum Status { UNKNOWN = 0; OPEN = 1; }
          int64 order_id = 1;
          optional string note = 2;
          Status status = 3;
          repeated Line lines = 4;
          map<int64, string> tags = 5;
          oneof payment { string card = 6; fixed64 voucher = 7; }
          bytes raw = 8;
          double weight = 9;
          google.protobuf.Timestamp at = 10;
          google.protobuf.Duration took = 11;
          google.protobuf.Int64Value limit = 12;
          google.protobuf.Struct extra = 13;
          google.protobuf.Any any = 14;
          google.protobuf.FieldMask mask = 15;
          uint32 small = 16;
        }
        message Other { int32 number = 1; }
        """;

    [Fact]
    public void EveryKindOfField_InCanonicalJson()
    {
        const string json =
            """{"orderId":"-9223372036854775808","note":"","status":"OPEN","lines":[{"sku":"a","marks":["-1","9007199254740993"]}],"tags":{"-5":"x"},"voucher":"18446744073709551615","raw":"AP8=","weight":0.1,"at":"2024-02-29T12:00:00.000000001Z","took":"-1.500s","limit":"0","extra":{"a":[null,true,{"b":1.5}]},"any":{"@type":"type.googleapis.com/acme.Other","number":7},"mask":"aB,c","small":4294967295}""";

        RoundTrip(json).ShouldBe(json);
    }

    [Fact]
    public void WhatIsNotSet_HasItsDefaultOrIsLeftOut() =>
        RoundTrip("{}").ShouldBe("""{"orderId":"0","status":"UNKNOWN","lines":[],"tags":{},"raw":"","weight":0.0,"small":0}""");

    [Fact]
    public void Bytes_AreThoseOfProtobufsOwnClasses()
    {
        var timestamp = new Timestamp { Seconds = 1, Nanos = 5 };
        var schema = """
            syntax = "proto3";
            import "google/protobuf/timestamp.proto";
            message Holder { google.protobuf.Timestamp at = 1; }
            """;
        var codec = SchemaCodecs.Create(SchemaFormat.Protobuf, schema, [], JsonStyle.Encoded);

        var bytes = codec.FromJson("""{"at": "1970-01-01T00:00:01.000000005Z"}"""u8.ToArray());

        bytes.ShouldBe([0, 10, (byte)timestamp.CalculateSize(), .. timestamp.ToByteArray()]);
    }

    [Fact]
    public void AnotherMessageOfTheFile_ByItsIndexes()
    {
        var other = SchemaCodecs.Create(SchemaFormat.Protobuf, Order, [], JsonStyle.Encoded, "acme.Order.Line");
        var bytes = other.FromJson("""{"sku": "x"}"""u8.ToArray());

        bytes[..3].ShouldBe([4, 0, 0]);
        Encoding.UTF8.GetString(Codec().ToJson(bytes)).ShouldBe("""{"sku":"x","marks":[]}""");
    }

    [Theory]
    [InlineData("""{"order_id": 5.5}""", "orderId: 5.5 is no int64")]
    [InlineData("""{"nothing": 5}""", "acme.Order has no field \"nothing\"")]
    [InlineData("""{"card": "x", "voucher": 1}""", "exclude each other")]
    [InlineData("""{"small": -1}""", "small: -1 is no uint32")]
    [InlineData("""{"status": "GONE"}""", "status: \"GONE\" is no acme.Order.Status (UNKNOWN, OPEN)")]
    [InlineData("""{"lines": [{"sku": 1}]}""", "lines[0].sku: 1 is no string")]
    [InlineData("""{"at": "yesterday"}""", "at: \"yesterday\" is no google.protobuf.Timestamp")]
    [InlineData("""{"any": {"@type": "x/acme.None"}}""", "acme.None")]
    public void WhatDoesNotFit_IsNamedWithItsPlace(string json, string message) =>
        Should.Throw<CodecException>(() => Codec().FromJson(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(message);

    [Fact]
    public void DamagedBytes_AreToldAndDoNoHarm()
    {
        var codec = Codec();
        var good = codec.FromJson("""{"orderId": 1, "lines": [{"sku": "a", "marks": [1]}], "tags": {"1": "b"}, "at": "2024-02-29T12:00:00Z", "extra": {"a": [1]}}"""u8.ToArray());
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
    }

    [Fact]
    public void AnImportedFile_ComesAsAReference()
    {
        var codec = SchemaCodecs.Create(
            SchemaFormat.Protobuf,
            """syntax = "proto3"; import "money.proto"; message Bill { acme.Money total = 1; }""",
            [new NamedReference("money.proto", """syntax = "proto3"; package acme; message Money { int64 cents = 1; }""")],
            JsonStyle.Encoded);

        Encoding.UTF8.GetString(codec.ToJson(codec.FromJson("""{"total": {"cents": 5}}"""u8.ToArray()))).ShouldBe("""{"total":{"cents":"5"}}""");
    }

    private static ISchemaCodec Codec() => SchemaCodecs.Create(SchemaFormat.Protobuf, Order, [], JsonStyle.Encoded);

    private static string RoundTrip(string json)
    {
        var codec = Codec();
        return Encoding.UTF8.GetString(codec.ToJson(codec.FromJson(Encoding.UTF8.GetBytes(json))));
    }
}
