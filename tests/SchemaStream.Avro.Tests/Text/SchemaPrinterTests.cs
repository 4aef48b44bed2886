using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Text;

/// <summary>The reprint is what registries store and hash: its order is Apache Avro's.</summary>
public sealed class SchemaPrinterTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"string\"")]
    [InlineData("""{ "logicalType":"uuid", "type" : "string" }""", """{"type":"string","logicalType":"uuid"}""")]
    [InlineData("""{"items":"int","x":1,"type":"array"}""", """{"type":"array","items":"int","x":1}""")]
    [InlineData("""{"values":"int","type":"map"}""", """{"type":"map","values":"int"}""")]
    [InlineData("""["null", {"type":"int"}]""", """["null","int"]""")]
    [InlineData(
        """{"aliases":["O"],"p":{"q":[1, 2]},"size":4,"doc":"d","namespace":"n","name":"F","type":"fixed"}""",
        """{"type":"fixed","name":"F","namespace":"n","doc":"d","size":4,"p":{"q":[1,2]},"aliases":["O"]}""")]
    [InlineData(
        """{"default":"B","symbols":["A","B"],"name":"n.E","type":"enum","aliases":["m.E","n.X"]}""",
        """{"type":"enum","name":"E","namespace":"n","symbols":["A","B"],"default":"B","aliases":["m.E","X"]}""")]
    [InlineData(
        """{"fields":[{"aliases":["b"],"default":1.50,"pii":true,"order":"ignore","doc":"d","type":"double","name":"a"}],"name":"R","type":"record","doc":"r"}""",
        """{"type":"record","name":"R","doc":"r","fields":[{"name":"a","type":"double","doc":"d","default":1.50,"order":"ignore","aliases":["b"],"pii":true}]}""")]
    [InlineData("""{"type":"error","name":"R","fields":[]}""", """{"type":"error","name":"R","fields":[]}""")]
    public void ToJson_PutsAttributesInApachesOrder(string text, string expected) => AvroSchema.Parse(text).ToJson().ShouldBe(expected);

    [Fact]
    public void ToJson_WritesANamespaceOnlyWhereItChanges()
    {
        const string text =
            """{"type":"record","name":"A","namespace":"x","fields":[{"name":"b","type":{"type":"record","name":"B","fields":[]}},""" +
            """{"name":"c","type":{"type":"record","name":"C","namespace":"y","fields":[{"name":"a","type":["null","x.A"]}]}},""" +
            """{"name":"d","type":{"type":"fixed","name":"D","namespace":"","size":1}},{"name":"e","type":"B"},{"name":"f","type":"D"}]}""";

        AvroSchema.Parse(text).ToJson().ShouldBe(text);
    }

    [Fact]
    public void ToJson_WithReferences_WritesTheirNamesAlone()
    {
        var customer = AvroSchema.Parse("""{"type":"record","name":"c.Customer","fields":[]}""");
        const string text = """{"type":"record","name":"Order","namespace":"o","fields":[{"name":"who","type":"c.Customer"}]}""";
        var order = AvroSchema.Parse(text, [customer]);

        order.ToJson([customer]).ShouldBe(text);
        order.ToJson().ShouldContain("""{"type":"record","name":"Customer","namespace":"c","fields":[]}""");
    }

    [Fact]
    public void ToJson_EscapesAsFewCharactersAsJsonAllows() =>
        AvroSchema.Parse("""{"type":"int","x":"\u00e4\ud83d\ude00\"\\\/\b\n\u0001<>"}""").ToJson()
            .ShouldBe("{\"type\":\"int\",\"x\":\"ä😀\\\"\\\\/\\b\\n\\u0001<>\"}");

    [Fact]
    public void ToJson_OfItsOwnOutput_IsTheSame()
    {
        var once = AvroSchema.FromType<Codec.Everything>().ToJson();

        AvroSchema.Parse(once).ToJson().ShouldBe(once);
    }
}
