using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core.Tests.Formats;

public sealed class AvroNormalFormTests
{
    private readonly AvroFormat _avro = new();

    [Fact]
    public void Normalize_AttributesInAnyOrder_GivesOneText()
    {
        const string other =
            """{"fields":[{"order":"ascending","default":null,"type":["null",{"type":"string"}],"name":"note","doc":"d"}],"z":1,"a":2,"namespace":"com.acme","name":"Note","type":"record"}""";

        Normal(other).ShouldBe(
            """{"type":"record","name":"com.acme.Note","fields":[{"name":"note","doc":"d","type":["null","string"],"default":null}],"a":2,"z":1}""");
    }

    [Fact]
    public void Normalize_ItsOwnText_ChangesNothing()
    {
        const string all =
            """{"type":"record","name":"R","namespace":"n","aliases":["Old"],"fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"],"default":"A"},"order":"ignore"},{"name":"f","type":{"type":"fixed","name":"F","size":16}},{"name":"again","type":"E"},{"name":"m","type":{"type":"map","values":{"type":"array","items":"R"}}},{"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2},"aliases":["amount"]}]}""";
        var once = Normal(all);

        Normal(once).ShouldBe(once);
        once.ShouldContain("\"again\",\"type\":\"n.E\"");
    }

    [Fact]
    public void TypeName_OfAUnion_IsItsClosedSet() =>
        _avro.Parse("""["null",{"type":"record","name":"B","fields":[]},{"type":"record","name":"A","fields":[]}]""", [], SchemaStrictness.Strict)
            .ShouldBeOk().TypeName.ShouldBe("A,B,null");

    private string Normal(string text) => _avro.Parse(text, [], SchemaStrictness.Strict).ShouldBeOk().NormalizedText;
}
