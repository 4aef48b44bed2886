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

    [Fact]
    public void Parse_WhenUnionsMultiplyTheWorkOfADefault_EndsInTime()
    {
        // Each level asks both branches, and only the innermost value shows that neither fits.
        var value = string.Concat(Enumerable.Repeat("""{"f":""", 100)) + "5" + new string('}', 100);
        var text = $$$"""
            {"type":"record","name":"R","fields":[
              {"name":"a","type":{"type":"record","name":"A","fields":[{"name":"f","type":["null","A",
                {"type":"record","name":"B","fields":[{"name":"f","type":["null","A","B"]}]}]}]}
              },
              {"name":"x","type":["A","B"],"default":{{{value}}}}]}
            """;

        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text)).Message.ShouldContain("steps");
    }

    [Theory]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"string","default":"\ud800"}]}""")]
    [InlineData("""{"type":"record","name":"R","doc":"\udc00","fields":[]}""")]
    [InlineData("""{"type":"record","name":"R","\ud800":1,"fields":[]}""")]
    [InlineData("""{"type":"int","x":["\ud800"]}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\ud800\"")]
    public void Parse_WhenAStringIsHalfASurrogatePair_IsRefused(string text) =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(text).ToJson());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_WhenAViolationIsReachedByManyPaths_StaysSmall(bool throughUnions)
    {
        var strings = AvroSchema.Parse(Chain("string", throughUnions));
        var ints = AvroSchema.Parse(Chain("int", throughUnions));

        var violations = AvroCompatibility.Check(strings, ints);

        violations.Count.ShouldBeInRange(1, AvroLimits.MaxViolations);
        violations.Sum(violation => violation.Message.Length).ShouldBeLessThan(500_000);
    }

    /// <summary>Two fields a level lead to the same leaf: 2^60 ways to it.</summary>
    private static string Chain(string leafType, bool throughUnions)
    {
        var inner = Record("Leaf", $"[{Field("x", $"\"{leafType}\"")}]");
        var name = "Leaf";
        for (var i = 0; i < 60; i++)
        {
            var (first, second) = (inner, $"\"{name}\"");
            if (throughUnions)
            {
                (first, second) = ($"[\"null\",{first}]", $"[\"null\",{second}]");
            }

            name = $"R{i}";
            inner = Record(name, $"[{Field("a", first)},{Field("b", second)}]");
        }

        return inner;
    }

    private static string Record(string name, string fields) =>
        "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":" + fields + "}";

    private static string Field(string name, string type) => "{\"name\":\"" + name + "\",\"type\":" + type + "}";
}
