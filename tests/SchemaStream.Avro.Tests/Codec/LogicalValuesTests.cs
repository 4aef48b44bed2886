using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>C#'s values as Avro's logical types.</summary>
public sealed class LogicalValuesTests
{
    private static readonly DateTime Instant = new DateTime(2024, 2, 29, 13, 14, 15, DateTimeKind.Utc).AddTicks(1_234_567);

    [Theory]
    [InlineData("0", "0200")]
    [InlineData("0.01", "0201")]
    [InlineData("-0.01", "02ff")]
    [InlineData("1.27", "027f")]
    [InlineData("1.28", "040080")]
    [InlineData("-1.28", "0280")]
    [InlineData("-1.29", "04ff7f")]
    [InlineData("655.36", "06010000")]
    [InlineData("92233720368547758.07", "107fffffffffffffff")]
    [InlineData("92233720368547758.08", "12008000000000000000")]
    [InlineData("-92233720368547758.08", "108000000000000000")]
    [InlineData("-92233720368547758.09", "12ff7fffffffffffffff")]
    public void Decimal_IsTheFewestBytesOfItsUnscaledValue(string text, string hex)
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"decimal","precision":29,"scale":2}""");
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Payload.Hex(value, schema).ShouldBe(hex);
        Payload.RoundTrip(value, schema).ShouldBe(value);
    }

    [Fact]
    public void Decimal_ComesBackAsItWas_OrWithTheScaleThatWasChosen()
    {
        Payload.RoundTrip(19.99m).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("19.99");
        Payload.RoundTrip(-1000m).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("-1000");
        Payload.RoundTrip(790000000000000.5m).ShouldBe(790000000000000.5m);
        Payload.RoundTrip(new Priced(20m)).Amount.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("20.00");
    }

    [Theory]
    [InlineData("1.234", "more than 2 digits after the point")]
    [InlineData("10000000000000000", "digits before the point")]
    public void Decimal_ThatDoesNotFit_IsRefusedByName(string text, string expected)
    {
        var value = new Priced(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

        Should.Throw<AvroDataException>(() => Payload.Write(value)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("Priced.Amount"),
            message => message.ShouldContain(expected));
    }

    [Fact]
    public void Decimal_OfTheLargestSize_DoesNotFitTheDefaultScale() =>
        Should.Throw<AvroDataException>(() => Payload.Write(decimal.MaxValue)).Message.ShouldContain("digits before the point");

    [Fact]
    public void Decimal_InAFixed_IsSignExtended()
    {
        var schema = AvroSchema.Parse("""{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":9,"scale":2}""");

        Payload.Hex(-1.00m, schema).ShouldBe("ffffff9c");
        Payload.RoundTrip(-1.00m, schema).ShouldBe(-1m);
    }

    [Fact]
    public void Decimal_OfAScaleThatCSharpLacks_IsReadWhereItFits()
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"decimal","precision":40,"scale":30}""");

        // 1000 of 1e-30 is 1e-27; one of 1e-30 is nothing that a decimal holds.
        Payload.Read<decimal>(Convert.FromHexString("0403e8"), schema, schema).ShouldBe(1e-27m);
        Should.Throw<AvroDataException>(() => Payload.Read<decimal>([2, 1], schema, schema)).Message.ShouldContain("more digits");
        Should.Throw<AvroSchemaException>(() => new AvroSerializer<decimal>(schema)).Message.ShouldContain("Decimal");
    }

    [Theory]
    [InlineData("0", "06020000")]
    [InlineData("1.5", "06020f02")]
    [InlineData("1.50", "0804009604")]
    [InlineData("-0.01", "0602ff04")]
    [InlineData("79228162514264337593543950335", "1e1a00ffffffffffffffffffffffff00")]
    [InlineData("-79228162514264337593543950335", "1e1aff00000000000000000000000100")]
    public void BigDecimal_IsItsUnscaledValueAndItsScale(string text, string hex)
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"big-decimal"}""");
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        schema.LogicalType!.Kind.ShouldBe(AvroLogicalKind.BigDecimal);
        Payload.Hex(value, schema).ShouldBe(hex);
        Payload.RoundTrip(value, schema).ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(text);
        Payload.Hex(new Exact(value)).ShouldBe(hex);
        Payload.RoundTrip(new Exact(value)).ShouldBe(new Exact(value));
    }

    [Fact]
    public void BigDecimal_AndDecimal_AreReadForEachOther()
    {
        var big = AvroSchema.Parse("""{"type":"bytes","logicalType":"big-decimal"}""");
        var sized = AvroSchema.Parse("""{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}""");

        Payload.Read<decimal>(Payload.Write(12.5m, big), big, sized).ShouldBe(12.5m);
        Payload.Read<decimal>(Payload.Write(12.5m, sized), sized, big).ShouldBe(12.5m);
        Payload.Read<ulong>(Payload.Write(12m, big), big).ShouldBe(12UL);
        Should.Throw<AvroDataException>(() => Payload.Read<ulong>(Payload.Write(12.5m, big), big)).Message.ShouldContain("whole number");
    }

    [Theory]
    [InlineData("06020f01", "150")] // A negative scale, as Java writes 1.5E+2.
    [InlineData("0602000f", "0")]
    public void BigDecimal_OfANegativeScale_IsAWholeNumber(string hex, string expected)
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"big-decimal"}""");

        Payload.Read<decimal>(Convert.FromHexString(hex), schema, schema).ShouldBe(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("00", "the payload ends")]
    [InlineData("020f", "the declared length")]
    [InlineData("0602ff0400", "another schema")]
    [InlineData("0802ff0400", "no big-decimal")]
    [InlineData("0402ff04", "no big-decimal")]
    [InlineData("0e02fffeffffff0f", "more digits")]
    [InlineData("0e02ffffffffff0f", "more digits")]
    public void BigDecimal_OfWrongBytes_IsATypedError(string hex, string expected)
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"big-decimal"}""");

        Should.Throw<AvroDataException>(() => Payload.Read<decimal>(Convert.FromHexString(hex), schema, schema)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Decimal_OfAMillionBytes_IsRefusedAtOnce()
    {
        var schema = AvroSchema.Parse("""{"type":"bytes","logicalType":"decimal","precision":100000,"scale":50000}""");
        var bytes = new byte[1_000_000];
        bytes[0] = 1;

        Should.Throw<AvroDataException>(() => Payload.Read<decimal>(Payload.Write(bytes, schema), schema, schema)).Message.ShouldContain("more digits");
    }

    [Fact]
    public void Guid_IsItsText_OrSixteenBytes()
    {
        var value = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        var bytes = AvroSchema.Parse("""{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}""");

        Payload.Write(value).ShouldBe([72, .. "00112233-4455-6677-8899-aabbccddeeff"u8]);
        Payload.Hex(value, bytes).ShouldBe("00112233445566778899aabbccddeeff");
        Payload.RoundTrip(value).ShouldBe(value);
        Payload.RoundTrip(value, bytes).ShouldBe(value);
    }

    [Theory]
    [InlineData("timestamp-millis", 10_000)]
    [InlineData("timestamp-micros", 10)]
    [InlineData("timestamp-nanos", 1)]
    public void Instant_KeepsItsUnit_AndDropsTheRestTowardsThePast(string unit, int ticks)
    {
        var schema = AvroSchema.Parse($$"""{"type":"long","logicalType":"{{unit}}"}""");
        var before = new DateTime(1969, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(1);
        foreach (var value in new[] { Instant, before })
        {
            var expected = new DateTime(value.Ticks - (value.Ticks % ticks), DateTimeKind.Utc);

            Payload.RoundTrip(value, schema).ShouldBe(expected);
            Payload.RoundTrip(value, schema).Kind.ShouldBe(DateTimeKind.Utc);
            Payload.RoundTrip(new DateTimeOffset(value).ToOffset(TimeSpan.FromHours(5)), schema).ShouldBe(new DateTimeOffset(expected));
        }
    }

    [Theory]
    [InlineData("local-timestamp-millis", 10_000)]
    [InlineData("local-timestamp-micros", 10)]
    [InlineData("local-timestamp-nanos", 1)]
    public void LocalTime_IsTheClocksReading(string unit, int ticks)
    {
        var schema = AvroSchema.Parse($$"""{"type":"long","logicalType":"{{unit}}"}""");

        var read = Payload.RoundTrip(Instant, schema);

        read.ShouldBe(new DateTime(Instant.Ticks - (Instant.Ticks % ticks)));
        read.Kind.ShouldBe(DateTimeKind.Unspecified);
    }

    [Fact]
    public void Instant_AtTheEnds_ComesBack()
    {
        Payload.RoundTrip(DateTime.MinValue).ShouldBe(DateTime.MinValue);
        Payload.RoundTrip(DateTimeOffset.MaxValue).ShouldBe(DateTimeOffset.MaxValue.AddTicks(-9));
        Payload.RoundTrip(DateOnly.MinValue).ShouldBe(DateOnly.MinValue);
        Payload.RoundTrip(DateOnly.MaxValue).ShouldBe(DateOnly.MaxValue);
        Payload.RoundTrip(TimeSpan.MinValue).ShouldBe(TimeSpan.MinValue);
        Payload.RoundTrip(ulong.MaxValue).ShouldBe(ulong.MaxValue);
    }

    [Theory]
    [InlineData("timestamp-micros", long.MaxValue)]
    [InlineData("timestamp-millis", long.MinValue)]
    [InlineData("timestamp-millis", 253402300800000)]
    public void Instant_OutsideOfDateTime_IsATypedError(string unit, long value)
    {
        var schema = AvroSchema.Parse($$"""{"type":"long","logicalType":"{{unit}}"}""");

        Should.Throw<AvroDataException>(() => Payload.Read<DateTimeOffset>(Payload.Write(value, schema), schema, schema));
    }

    [Fact]
    public void Time_ThatItsUnitDoesNotReach_IsRefusedByName()
    {
        var good = new Chosen(DateTime.UnixEpoch, DateTime.UnixEpoch, [], TimeSpan.Zero, TimeSpan.Zero);

        Refused(good with { Nanos = DateTime.MinValue }, "Chosen.Nanos: the time is outside of 1677 to 2262");
        Refused(good with { Local = DateTime.MaxValue }, "Chosen.Local: the time is outside of 1677 to 2262");
        Refused(good with { Many = [DateTimeOffset.MaxValue] }, "Chosen.Many[]: the time is outside of 1677 to 2262");
        Refused(good with { Millis = TimeSpan.FromDays(1) }, "Chosen.Millis: 1.00:00:00 is no time of day");
        Refused(good with { Micros = TimeSpan.FromTicks(-1) }, "Chosen.Micros: -00:00:00.0000001 is no time of day");

        static void Refused(Chosen value, string message) => Should.Throw<AvroDataException>(() => Payload.Write(value)).Message.ShouldStartWith(message);
    }

    [Fact]
    public void Date_Time_TimeSpan_AreCounts()
    {
        var millis = AvroSchema.Parse("""{"type":"int","logicalType":"time-millis"}""");

        Payload.Hex(new DateOnly(1970, 1, 2)).ShouldBe("02");
        Payload.Hex(new TimeOnly(0, 0, 0, 1), millis).ShouldBe("02");
        Payload.RoundTrip(new TimeOnly(23, 59, 59, 999), millis).ShouldBe(new TimeOnly(23, 59, 59, 999));
        Payload.RoundTrip(new TimeOnly(23, 59, 59, 999, 999)).ShouldBe(new TimeOnly(23, 59, 59, 999, 999));
        Payload.Hex(TimeSpan.FromTicks(-1)).ShouldBe("01");
    }

    [Fact]
    public void Duration_IsMonthsDaysAndMilliseconds()
    {
        var schema = AvroSchema.Parse("""{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""");
        var value = new TimeSpan(3, 0, 0, 1, 5);

        Payload.Hex(value, schema).ShouldBe("0000000003000000ed030000");
        Payload.RoundTrip(value, schema).ShouldBe(value);
        Should.Throw<AvroDataException>(() => Payload.Write(-value, schema)).Message.ShouldContain("no sign");
        Should.Throw<AvroDataException>(() => Payload.Read<TimeSpan>(Convert.FromHexString("010000000000000000000000"), schema, schema))
            .Message.ShouldContain("months");
    }

    [Fact]
    public void Unit_OfTheWriter_IsWhatCounts()
    {
        var millis = AvroSchema.Parse("""{"type":"long","logicalType":"timestamp-millis"}""");

        Payload.Read<DateTime>(Payload.Write(Instant, millis), millis).ShouldBe(Instant.AddTicks(-(Instant.Ticks % 10_000)));
    }

    public sealed record Chosen(
        [property: AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime Nanos,
        [property: AvroLogicalType(AvroLogicalKind.LocalTimestampNanos)] DateTime Local,
        [property: AvroLogicalType(AvroLogicalKind.TimestampNanos)] List<DateTimeOffset> Many,
        [property: AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeSpan Millis,
        [property: AvroLogicalType(AvroLogicalKind.TimeMicros)] TimeSpan Micros);

    public sealed record Exact([property: AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Amount);

    public sealed record Priced([property: AvroDecimal(18, 2)] decimal Amount);
}
