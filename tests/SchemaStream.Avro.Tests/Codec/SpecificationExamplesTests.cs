using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>The examples of the specification, byte by byte.</summary>
public sealed class SpecificationExamplesTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(2, "04")]
    [InlineData(-64, "7f")]
    [InlineData(64, "8001")]
    [InlineData(8192, "808001")]
    [InlineData(-1048577, "81808001")]
    [InlineData(int.MaxValue, "feffffff0f")]
    [InlineData(int.MinValue, "ffffffff0f")]
    public void Int_IsAZigzagVarint(int value, string hex)
    {
        Payload.Hex(value).ShouldBe(hex);
        Payload.Hex((long)value).ShouldBe(hex);
        Payload.RoundTrip(value).ShouldBe(value);
    }

    [Theory]
    [InlineData(long.MaxValue, "feffffffffffffffff01")]
    [InlineData(long.MinValue, "ffffffffffffffffff01")]
    [InlineData(1L << 55, "808080808080808001")]
    [InlineData((1L << 55) - 1, "feffffffffffff7f")]
    public void Long_HasUpToTenBytes(long value, string hex)
    {
        Payload.Hex(value).ShouldBe(hex);
        Payload.RoundTrip(value).ShouldBe(value);
    }

    [Fact]
    public void Long_OfEveryLength_ComesBack()
    {
        var values = new List<long>();
        for (var bit = 0; bit < 63; bit++)
        {
            values.AddRange([(1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1]);
        }

        Payload.RoundTrip(values).ShouldBe(values);
    }

    [Fact]
    public void String_HasItsLengthInBytesBeforeIt() => Payload.Hex("foo").ShouldBe("06666f6f");

    [Fact]
    public void Boolean_Float_Double_AreFixedSize()
    {
        Payload.Hex(true).ShouldBe("01");
        Payload.Hex(false).ShouldBe("00");
        Payload.Hex(1.5f).ShouldBe("0000c03f");
        Payload.Hex(-2.5d).ShouldBe("00000000000004c0");
    }

    [Fact]
    public void Bytes_HaveTheirLengthBeforeThem() => Payload.Hex(new byte[] { 1, 255 }).ShouldBe("0401ff");

    [Fact]
    public void Record_IsItsFieldsInOrder() => Payload.Hex(new Test(27, "foo")).ShouldBe("3606666f6f");

    [Fact]
    public void Array_IsACountedBlockAndAnEnd()
    {
        Payload.Hex(new long[] { 3, 27 }).ShouldBe("04063600");
        Payload.Hex(Array.Empty<long>()).ShouldBe("00");
    }

    [Fact]
    public void Map_IsACountedBlockAndAnEnd() =>
        Payload.Hex(new Dictionary<string, long> { ["a"] = 1 }).ShouldBe("0202610200");

    [Fact]
    public void Array_InBlocksWithSizes_IsRead()
    {
        // Two blocks, the second with its size in bytes.
        Payload.Read<long[]>(Convert.FromHexString("0206" + "03043638" + "00")).ShouldBe([3, 27, 28]);
    }

    [Fact]
    public void Union_IsTheBranchAndItsValue()
    {
        var schema = AvroSchema.Parse("""["null","string"]""");

        Payload.Hex<object?>(null, schema).ShouldBe("00");
        Payload.Hex<object?>("a", schema).ShouldBe("020261");
    }

    [Fact]
    public void Enum_IsThePositionOfItsSymbol()
    {
        Payload.Hex(Channel.Phone).ShouldBe("04");
        Payload.Hex(Sparse.Many).ShouldBe("04");
    }

    public sealed record Test(long A, string B);
}
