using System.Text;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Text;

/// <summary>A hostile schema is refused by name; it never takes the process with it.</summary>
public sealed class ParserLimitsTests
{
    [Theory]
    [InlineData("""{"type":"array","items":""", "}")]
    [InlineData("""{"type":"map","values":""", "}")]
    [InlineData("[", "]")]
    [InlineData("""{"type":""", "}")]
    [InlineData("""{"a":""", "}")]
    public void Parse_WhenNestedWithoutEnd_IsRefused(string open, string close)
    {
        foreach (var depth in new[] { 300, 2_000, 50_000 })
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + "\"int\"" + string.Concat(Enumerable.Repeat(close, depth));

            Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text));
        }
    }

    [Fact]
    public void Parse_WhenTextIsTooLong_IsRefused() =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(new string(' ', AvroLimits.MaxTextLength) + "\"int\""))
            .Message.ShouldContain("at most 1048576");

    [Fact]
    public void Parse_WhenTypesChainThroughTheirNames_IsRefused()
    {
        // Flat as JSON, each type contains the one before: as deep as there are types.
        var text = new StringBuilder("""[{"type":"record","name":"R0","fields":[]}""");
        for (var i = 1; i < 2_000; i++)
        {
            text.Append($$""",{"type":"record","name":"R{{i}}","fields":[{"name":"f","type":"R{{i - 1}}"}]}""");
        }

        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text.Append(']').ToString())).Message.ShouldContain("levels deep");
    }

    [Fact]
    public void Parse_WhenThereAreTooManyNames_IsRefused()
    {
        var names = Enumerable.Range(0, AvroLimits.MaxNames + 1).Select(i => $$"""{"type":"fixed","name":"F{{i}}","size":1}""");

        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse($"[{string.Join(',', names)}]")).Message.ShouldContain("named types");
    }

    [Fact]
    public void Parse_NestedAsDeepAsAllowed_CanBePrintedAndCompared()
    {
        var depth = AvroLimits.MaxSchemaDepth - 1;
        var text = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", depth)) + "\"int\"" + new string('}', depth);

        var schema = AvroSchema.Parse(text);

        schema.ToJson().ShouldBe(text);
        schema.CanonicalForm.ShouldBe(text);
        AvroCompatibility.Check(schema, AvroSchema.Parse(text)).ShouldBeEmpty();
    }

    [Fact]
    public void Check_OfManyTypesOfOneName_EndsInTime()
    {
        // Every branch of one union nearly fits every branch of the other.
        static string Union(string field) => "[" + string.Join(',', Enumerable.Range(0, 300).Select(i =>
            $$"""{"type":"record","name":"n{{i}}.R","fields":[{"name":"{{field}}","type":"int"}]}""")) + "]";

        Should.Throw<AvroSchemaException>(() => AvroCompatibility.Check(AvroSchema.Parse(Union("a")), AvroSchema.Parse(Union("b"))))
            .Message.ShouldContain("pairs");
    }
}
