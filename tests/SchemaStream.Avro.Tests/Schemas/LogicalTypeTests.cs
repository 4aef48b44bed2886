using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Schemas;

/// <summary>A logical type that is unknown or does not fit is ignored, and kept as text.</summary>
public sealed class LogicalTypeTests
{
    [Theory]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}""", AvroLogicalKind.Decimal)]
    [InlineData("""{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":9}""", AvroLogicalKind.Decimal)]
    [InlineData("""{"type":"string","logicalType":"uuid"}""", AvroLogicalKind.Uuid)]
    [InlineData("""{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}""", AvroLogicalKind.Uuid)]
    [InlineData("""{"type":"int","logicalType":"date"}""", AvroLogicalKind.Date)]
    [InlineData("""{"type":"int","logicalType":"time-millis"}""", AvroLogicalKind.TimeMillis)]
    [InlineData("""{"type":"long","logicalType":"time-micros"}""", AvroLogicalKind.TimeMicros)]
    [InlineData("""{"type":"long","logicalType":"timestamp-millis"}""", AvroLogicalKind.TimestampMillis)]
    [InlineData("""{"type":"long","logicalType":"timestamp-micros"}""", AvroLogicalKind.TimestampMicros)]
    [InlineData("""{"type":"long","logicalType":"timestamp-nanos"}""", AvroLogicalKind.TimestampNanos)]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-millis"}""", AvroLogicalKind.LocalTimestampMillis)]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-micros"}""", AvroLogicalKind.LocalTimestampMicros)]
    [InlineData("""{"type":"long","logicalType":"local-timestamp-nanos"}""", AvroLogicalKind.LocalTimestampNanos)]
    [InlineData("""{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""", AvroLogicalKind.Duration)]
    public void LogicalType_OnItsType_IsKnown(string text, AvroLogicalKind kind) =>
        AvroSchema.Parse(text).LogicalType!.Kind.ShouldBe(kind);

    [Theory]
    [InlineData("""{"type":"int","logicalType":"money"}""")]
    [InlineData("""{"type":"int","logicalType":7}""")]
    [InlineData("""{"type":"string","logicalType":"date"}""")]
    [InlineData("""{"type":"bytes","logicalType":"decimal"}""")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":0}""")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":4,"scale":5}""")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":4,"scale":-1}""")]
    [InlineData("""{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":10}""")]
    [InlineData("""{"type":"fixed","name":"D","size":11,"logicalType":"duration"}""")]
    [InlineData("""{"type":"fixed","name":"U","size":15,"logicalType":"uuid"}""")]
    public void LogicalType_ThatDoesNotFit_IsIgnoredAndKept(string text)
    {
        var schema = AvroSchema.Parse(text);

        schema.LogicalType.ShouldBeNull();
        schema.ToJson().ShouldContain("logicalType");
    }
}
