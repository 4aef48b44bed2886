using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Compatibility;

/// <summary>The policy LOGICAL: bytes that can be read must mean the same as well.</summary>
public sealed class LogicalTypeComparisonTests
{
    private const string Millis = """{"type":"long","logicalType":"timestamp-millis"}""";
    private const string Micros = """{"type":"long","logicalType":"timestamp-micros"}""";
    private const string Uuid = """{"type":"string","logicalType":"uuid"}""";
    private const string Duration = """{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""";

    [Theory]
    [InlineData(Millis, Millis)]
    [InlineData(Uuid, Uuid)]
    [InlineData(Duration, Duration)]
    [InlineData("\"long\"", "\"int\"")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}""", """{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}""")]
    [InlineData("""{"type":"int","logicalType":"furlongs"}""", "\"int\"")]
    public void Check_OfTheSameMeaning_FindsNothing(string reader, string writer) =>
        Compare(reader, writer).ShouldBeEmpty();

    [Theory]
    [InlineData(Micros, Millis, "/")]
    [InlineData(Millis, "\"long\"", "/")]
    [InlineData("\"long\"", Millis, "/")]
    [InlineData("\"string\"", Uuid, "/")]
    [InlineData(Millis, """{"type":"int","logicalType":"date"}""", "/")]
    [InlineData("""{"type":"array","items":"long"}""", """{"type":"array","items":{"type":"long","logicalType":"time-micros"}}""", "/items")]
    [InlineData("""{"type":"fixed","name":"D","size":12}""", Duration, "/")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}""", """{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}""", "/")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":8,"scale":2}""", """{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}""", "/")]
    public void Check_OfAnotherMeaning_NamesThePlace(string reader, string writer, string path)
    {
        AvroCompatibility.Check(AvroSchema.Parse(reader), AvroSchema.Parse(writer)).ShouldBeEmpty("the specification lets it pass");

        var violation = Compare(reader, writer).ShouldHaveSingleItem();

        (violation.Kind, violation.Path).ShouldBe((CompatibilityKinds.LogicalTypeMismatch, path));
    }

    private static IReadOnlyList<CompatibilityViolation> Compare(string reader, string writer) =>
        AvroCompatibility.Check(AvroSchema.Parse(reader), AvroSchema.Parse(writer), LogicalTypeComparison.Compared);
}
