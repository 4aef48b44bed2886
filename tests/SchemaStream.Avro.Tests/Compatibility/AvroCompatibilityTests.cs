using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Compatibility;

/// <summary>Each rule of schema resolution as Confluent's registry names it, with the place and the detail that it gives.</summary>
public sealed class AvroCompatibilityTests
{
    private const string Fixed2 = """{"type":"fixed","name":"F","size":2}""";
    private const string EnumAb = """{"type":"enum","name":"E","symbols":["A","B"]}""";

    [Theory]
    [InlineData("\"int\"", "\"int\"")]
    [InlineData("\"long\"", "\"int\"")]
    [InlineData("\"float\"", "\"int\"")]
    [InlineData("\"float\"", "\"long\"")]
    [InlineData("\"double\"", "\"int\"")]
    [InlineData("\"double\"", "\"long\"")]
    [InlineData("\"double\"", "\"float\"")]
    [InlineData("\"string\"", "\"bytes\"")]
    [InlineData("\"bytes\"", "\"string\"")]
    [InlineData("""["null","string"]""", "\"string\"")]
    [InlineData("""["null","long"]""", "\"int\"")]
    [InlineData("""["string","null","int"]""", """["int","string"]""")]
    [InlineData("\"double\"", """["int","long","float"]""")]
    [InlineData("""{"type":"array","items":"long"}""", """{"type":"array","items":"int"}""")]
    [InlineData("""{"type":"map","values":"long"}""", """{"type":"map","values":"int"}""")]
    [InlineData("""{"type":"fixed","name":"other.F","size":2}""", Fixed2)]
    [InlineData("""{"type":"fixed","name":"G","aliases":["F"],"size":2}""", Fixed2)]
    [InlineData("""{"type":"enum","name":"E","symbols":["B","C","A"]}""", EnumAb)]
    [InlineData("""{"type":"enum","name":"E","symbols":["A","C"],"default":"C"}""", EnumAb)]
    public void Check_OfWhatResolves_FindsNothing(string reader, string writer) => Check(reader, writer).ShouldBeEmpty();

    [Theory]
    [InlineData("\"int\"", "\"long\"", "TYPE_MISMATCH", "/", "reader type: INT not compatible with writer type: LONG")]
    [InlineData("\"string\"", "\"int\"", "TYPE_MISMATCH", "/", "reader type: STRING not compatible with writer type: INT")]
    [InlineData("\"null\"", "\"int\"", "TYPE_MISMATCH", "/", "reader type: NULL not compatible with writer type: INT")]
    [InlineData("""{"type":"array","items":"int"}""", """{"type":"map","values":"int"}""", "TYPE_MISMATCH", "/", "reader type: ARRAY not compatible with writer type: MAP")]
    [InlineData("""{"type":"array","items":"int"}""", """{"type":"array","items":"string"}""", "TYPE_MISMATCH", "/items", "reader type: INT not compatible with writer type: STRING")]
    [InlineData("""{"type":"map","values":"int"}""", """{"type":"map","values":"string"}""", "TYPE_MISMATCH", "/values", "reader type: INT not compatible with writer type: STRING")]
    [InlineData("""{"type":"fixed","name":"F","size":3}""", Fixed2, "FIXED_SIZE_MISMATCH", "/size", "expected: 2, found: 3")]
    [InlineData("""{"type":"fixed","name":"n.G","size":2}""", Fixed2, "NAME_MISMATCH", "/name", "expected: F")]
    [InlineData("""{"type":"enum","name":"E","symbols":["A"]}""", EnumAb, "MISSING_ENUM_SYMBOLS", "/symbols", "[B]")]
    [InlineData("""["null","int"]""", "\"string\"", "MISSING_UNION_BRANCH", "/", "reader union lacking writer type: STRING")]
    [InlineData("""["null","int"]""", """["null","string"]""", "MISSING_UNION_BRANCH", "/1", "reader union lacking writer type: STRING")]
    [InlineData("\"int\"", """["int","string"]""", "TYPE_MISMATCH", "/", "reader type: INT not compatible with writer type: STRING")]
    public void Check_OfWhatDoesNot_NamesRulePlaceAndDetail(string reader, string writer, string kind, string path, string detail)
    {
        var violation = Check(reader, writer).ShouldHaveSingleItem();

        (violation.Kind, violation.Path, violation.Detail).ShouldBe((kind, path, detail));
        violation.Message.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Check_OfRecords_FindsEveryViolation()
    {
        var found = Check(
            """{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"},{"name":"c","type":"int"},{"name":"d","type":"int","default":0}]}""",
            """{"type":"record","name":"R","fields":[{"name":"b","type":"long"},{"name":"a","type":"string"},{"name":"gone","type":"int"}]}""");

        found.Select(violation => (violation.Kind, violation.Path, violation.Detail)).ShouldBe(
        [
            ("TYPE_MISMATCH", "/fields/0/type", "reader type: INT not compatible with writer type: STRING"),
            ("TYPE_MISMATCH", "/fields/1/type", "reader type: STRING not compatible with writer type: LONG"),
            ("READER_FIELD_MISSING_DEFAULT_VALUE", "/fields/2", "c"),
        ]);
    }

    [Fact]
    public void Check_OfFieldWithAlias_TakesTheWritersOldName() => Check(
        """{"type":"record","name":"R","fields":[{"name":"customer","aliases":["client"],"type":"string"}]}""",
        """{"type":"record","name":"R","fields":[{"name":"client","type":"string"}]}""").ShouldBeEmpty();

    [Fact]
    public void Check_InsideNullable_SaysWhyTheBranchDoesNotFit()
    {
        var violation = Check(
            """["null",{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}]""",
            """["null",{"type":"record","name":"R","fields":[]}]""").ShouldHaveSingleItem();

        violation.Kind.ShouldBe(CompatibilityKinds.MissingUnionBranch);
        violation.Path.ShouldBe("/1");
        violation.Message.ShouldContain("R.a has no default");
    }

    [Fact]
    public void Check_OfRecursiveTypes_EndsAndFinds()
    {
        const string writer = """{"type":"record","name":"N","fields":[{"name":"next","type":["null","N"]},{"name":"v","type":"int"}]}""";

        Check(writer, writer).ShouldBeEmpty();
        Check(writer.Replace("\"int\"", "\"string\"", StringComparison.Ordinal), writer)
            .ShouldContain(violation => violation.Path == "/fields/1/type");
    }

    [Fact]
    public void Check_OfOneBrokenTypeInTwoPlaces_SaysItOnce()
    {
        static string Schema(string type) =>
            $$$"""{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"I","fields":[{"name":"x","type":"{{{type}}}"}]}},{"name":"b","type":"I"}]}""";

        Check(Schema("int"), Schema("string")).ShouldHaveSingleItem().Path.ShouldBe("/fields/0/type/fields/0/type");
    }

    private static IReadOnlyList<CompatibilityViolation> Check(string reader, string writer) =>
        AvroCompatibility.Check(AvroSchema.Parse(reader), AvroSchema.Parse(writer));
}
