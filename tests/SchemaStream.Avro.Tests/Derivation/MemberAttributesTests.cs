using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Derivation;

/// <summary>What attributes on members say: place, sort order, logical type, fixed.</summary>
public sealed class MemberAttributesTests
{
    private const string Space = "SchemaStream.Avro.Tests.Derivation.MemberAttributesTests";

    [Fact]
    public void Order_IsThePlaceOfTheField() =>
        ((AvroRecordSchema)AvroSchema.FromType<Placed>()).Fields.Select(field => field.Name).ShouldBe(["First", "A", "B", "Last"]);

    [Fact]
    public void Attributes_OnARecordStructsParameters_Count() =>
        ((AvroRecordSchema)AvroSchema.FromType<Measured>()).Fields.Select(field => field.Name + field.Schema.LogicalType?.Kind)
            .ShouldBe(["atTimestampMillis", "Amount"]);

    [Fact]
    public void Sort_IsTheFieldsOrder() => AvroSchema.FromType<Sorted>().ToJson().ShouldContain(
        """{"name":"Down","type":"int","order":"descending"},{"name":"Not","type":"int","order":"ignore"}""");

    [Theory]
    [InlineData("Millis", """{"type":"long","logicalType":"timestamp-millis"}""")]
    [InlineData("Local", """{"type":"long","logicalType":"local-timestamp-micros"}""")]
    [InlineData("Nanos", """["null",{"type":"long","logicalType":"timestamp-nanos"}]""")]
    [InlineData("Day", """{"type":"int","logicalType":"date"}""")]
    [InlineData("Clock", """{"type":"int","logicalType":"time-millis"}""")]
    [InlineData("SinceMidnight", """{"type":"long","logicalType":"time-micros"}""")]
    [InlineData("Many", """{"type":"array","items":{"type":"long","logicalType":"timestamp-millis"}}""")]
    [InlineData("Prices", """{"type":"map","values":["null",{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}]}""")]
    [InlineData("Hash", $$"""{"type":"fixed","name":"TimedHash","namespace":"{{Space}}","size":4}""")]
    [InlineData("Duration", $$"""{"type":"fixed","name":"TimedDuration","namespace":"{{Space}}","size":12,"logicalType":"duration"}""")]
    [InlineData("Id", $$"""{"type":"fixed","name":"Uuid","namespace":"acme","size":16,"logicalType":"uuid"}""")]
    [InlineData("Amount", $$"""{"type":"fixed","name":"TimedAmount","namespace":"{{Space}}","size":8,"logicalType":"decimal","precision":18,"scale":2}""")]
    public void Member_HasTheSchemaThatItsAttributeSays(string field, string expected) =>
        ((AvroRecordSchema)AvroSchema.FromType<Timed>()).FindField(field)!.Schema.ToJson().ShouldBe(expected);

    [Fact]
    public void Values_WithAttributes_ComeBack()
    {
        var at = new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero);
        var value = new Timed(
            at, at.DateTime.AddMicroseconds(7), at.UtcDateTime.AddTicks(9), at.Date, new TimeOnly(1, 2, 3, 4), new TimeSpan(0, 23, 59, 59, 999, 999),
            [at, at.AddHours(1)], new() { ["a"] = 1.25m, ["b"] = null }, [1, 2, 3, 4], TimeSpan.FromMilliseconds(86_400_001),
            Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), -12.34m, [Guid.Empty]);

        var read = Payload.RoundTrip(value);

        (read with { Many = value.Many, Prices = value.Prices, Hash = value.Hash, Ids = value.Ids }).ShouldBe(value);
        read.Many.ShouldBe(value.Many);
        read.Prices.ShouldBe(value.Prices);
        read.Hash.ShouldBe(value.Hash);
        read.Ids.ShouldBe(value.Ids);
    }

    [Fact]
    public void Defaults_FollowTheAttributes() => AvroSchema.FromType<Defaulted>().ToJson().ShouldBe(
        $$"""{"type":"record","name":"Defaulted","namespace":"{{Space}}","fields":[""" +
        """{"name":"At","type":{"type":"long","logicalType":"timestamp-millis"},"default":-62135596800000},""" +
        $$"""{"name":"Amount","type":{"type":"fixed","name":"DefaultedAmount","size":2,"logicalType":"decimal","precision":4,"scale":2},"default":"\u0000""" + '\u0096' + "\"}]}");

    [Fact]
    public void Value_ThatTheFixedCannotHold_IsRefused()
    {
        Should.Throw<AvroDataException>(() => Payload.Write(new Four([1, 2, 3]))).Message.ShouldContain("exactly 4 bytes, found 3");
        Should.Throw<AvroDataException>(() => Payload.Write(new Clock(TimeSpan.FromDays(1)))).Message.ShouldContain("no time of day");
    }

    [Theory]
    [InlineData(typeof(WrongLogical), "a String cannot be TimestampMillis")]
    [InlineData(typeof(WrongFixed), "a Guid cannot be a fixed of 15 bytes")]
    [InlineData(typeof(TooSmall), "too few for 18 digits")]
    [InlineData(typeof(TwoSizes), "two sizes")]
    public void Attributes_ThatDoNotFitTheMember_AreRefused(Type type, string message) =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.FromType(type)).Message.ShouldContain(message);

    public sealed class Placed
    {
        [AvroOrder(1)]
        public int Last { get; set; }

        public int A { get; set; }

        public int B { get; set; }

        [AvroOrder(-1)]
        public int First { get; set; }
    }

    public readonly record struct Measured(
        [AvroName("at")] [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTime At, [AvroDefault("3")] int Amount);

    public sealed record Sorted([AvroSort(AvroFieldOrder.Descending)] int Down, [AvroSort(AvroFieldOrder.Ignore)] int Not);

    public sealed record Timed(
        [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTimeOffset Millis,
        [AvroLogicalType(AvroLogicalKind.LocalTimestampMicros)] DateTime Local,
        [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime? Nanos,
        [AvroLogicalType(AvroLogicalKind.Date)] DateTime Day,
        [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeOnly Clock,
        [AvroLogicalType(AvroLogicalKind.TimeMicros)] TimeSpan SinceMidnight,
        [AvroLogicalType(AvroLogicalKind.TimestampMillis)] List<DateTimeOffset> Many,
        [AvroDecimal(9, 2)] Dictionary<string, decimal?> Prices,
        [AvroFixed(4)] byte[] Hash,
        [AvroFixed(12)] TimeSpan Duration,
        [AvroFixed(16, Name = "acme.Uuid")] Guid Id,
        [AvroFixed(8)] [AvroDecimal(18, 2)] decimal Amount,
        [AvroFixed(16, Name = "acme.Uuid")] Guid[] Ids);

    public sealed record Defaulted(
        [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTime At = default,
        [AvroFixed(2)] [AvroDecimal(4, 2)] decimal Amount = 1.5m);

    public sealed record Four([AvroFixed(4)] byte[] Bytes);

    public sealed record Clock([AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeSpan At);

    public sealed record WrongLogical([AvroLogicalType(AvroLogicalKind.TimestampMillis)] string Text);

    public sealed record WrongFixed([AvroFixed(15)] Guid Id);

    public sealed record TooSmall([AvroFixed(2)] [AvroDecimal(18, 2)] decimal Amount);

    public sealed record TwoSizes([AvroFixed(2, Name = "F")] byte[] A, [AvroFixed(3, Name = "F")] byte[] B);
}
