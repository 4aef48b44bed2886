namespace SchemaStream.Protocol.Tests;

public sealed class KafkaReaderTests
{
    private static readonly byte[] BiggestInt32 = [0x7f, 0xff, 0xff, 0xff, 1, 2];
    private static readonly byte[] BiggestVarint = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2];

    private delegate void Reading(ref KafkaReader reader);

    [Fact]
    public void ReadBytes_GivesASliceOfTheInput()
    {
        byte[] input = [0, 0, 0, 2, 7, 8, 9];
        var reader = new KafkaReader(input);

        var bytes = reader.ReadBytes();
        input[4] = 70;

        bytes.ToArray().ShouldBe([70, 8]);
        reader.Remaining.ShouldBe(1);
    }

    [Fact]
    public void ReadNullableBytes_WhenLengthIsMinusOne_IsNullAndNotEmpty()
    {
        Read([0xff, 0xff, 0xff, 0xff], (ref KafkaReader reader) => reader.ReadNullableBytes().ShouldBeNull());
        Read([0], (ref KafkaReader reader) => reader.ReadCompactNullableBytes().ShouldBeNull());
        Read([1], (ref KafkaReader reader) => reader.ReadCompactNullableBytes().ShouldNotBeNull());
    }

    [Fact]
    public void ReadUuid_IsBigEndian() =>
        Read(Convert.FromHexString("00112233445566778899aabbccddeeff"), (ref KafkaReader reader) =>
            reader.ReadUuid().ShouldBe(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")));

    [Fact]
    public void Read_WhenALengthIsTheBiggestThereIs_AllocatesNothingForIt()
    {
        Refuses(BiggestInt32, (ref KafkaReader reader) => reader.ReadBytes());
        Refuses(BiggestInt32, (ref KafkaReader reader) => reader.ReadNullableBytes());
        Refuses(BiggestInt32, (ref KafkaReader reader) => reader.ReadString());
        Refuses(BiggestInt32, (ref KafkaReader reader) => KafkaReader.MakeRoom(new List<long>(), reader.ReadArrayLength(1)));
        Refuses(BiggestVarint, (ref KafkaReader reader) => reader.ReadCompactBytes());
        Refuses(BiggestVarint, (ref KafkaReader reader) => reader.ReadCompactString());
        Refuses(BiggestVarint, (ref KafkaReader reader) => KafkaReader.MakeRoom(new List<long>(), reader.ReadCompactArrayLength(1)));
        Refuses([0, .. BiggestVarint], (ref KafkaReader reader) => reader.ReadTag(out _, out _));
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe })]
    [InlineData(new byte[] { 0x80, 0x00 })]
    public void ReadString_WhenLengthIsNegative_Refuses(byte[] input) =>
        Refuses(input, (ref KafkaReader reader) => reader.ReadNullableString());

    [Fact]
    public void ReadArrayLength_WhenElementsCannotFit_Refuses()
    {
        Read([0, 0, 0, 2, 1, 2, 3, 4], (ref KafkaReader reader) => reader.ReadArrayLength(2).ShouldBe(2));
        Refuses([0, 0, 0, 3, 1, 2, 3, 4], (ref KafkaReader reader) => reader.ReadArrayLength(2));
        Refuses([0xff, 0xff, 0xff, 0xfe], (ref KafkaReader reader) => reader.ReadArrayLength(2));
    }

    [Fact]
    public void MakeStructRoom_OverManyLists_CountsThemTogether()
    {
        var reader = new KafkaReader(default);
        var list = new List<object>();
        reader.MakeStructRoom(list, KafkaReader.MaxStructs - 1);
        list.Capacity.ShouldBeLessThan(10_000);
        reader.MakeStructRoom(list, 1);

        ProtocolException? refusal = null;
        try
        {
            reader.MakeStructRoom(list, 1, "Topics");
        }
        catch (ProtocolException exception)
        {
            refusal = exception;
        }

        refusal.ShouldNotBeNull().Message.ShouldStartWith("Topics: expected at most");
    }

    [Theory]
    [InlineData(new byte[] { 0x00 }, 0u)]
    [InlineData(new byte[] { 0x7f }, 127u)]
    [InlineData(new byte[] { 0xac, 0x02 }, 300u)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f }, uint.MaxValue)]
    public void ReadUnsignedVarint_ReadsSevenBitsAByte(byte[] input, uint expected) =>
        Read(input, (ref KafkaReader reader) => reader.ReadUnsignedVarint().ShouldBe(expected));

    [Theory]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x1f })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 })]
    [InlineData(new byte[] { 0x80 })]
    public void ReadUnsignedVarint_WhenItIsTooLongOrCut_Refuses(byte[] input) =>
        Refuses(input, (ref KafkaReader reader) => reader.ReadUnsignedVarint());

    [Fact]
    public void ReadVarlong_WhenItIsTooLong_Refuses()
    {
        Refuses([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], (ref KafkaReader reader) => reader.ReadVarlong());
        Refuses([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], (ref KafkaReader reader) => reader.ReadVarlong());
    }

    [Fact]
    public void Read_WhenInputEnds_SaysWhichFieldWhatWasExpectedAndFound() =>
        Refuses([1, 2], (ref KafkaReader reader) => reader.ReadInt32("FetchRequest.MaxWaitMs"))
            .ShouldBe("FetchRequest.MaxWaitMs: expected 4 bytes, found 2 left (at byte 0 of 2)");

    [Fact]
    public void ExpectEnd_WhenBytesAreLeft_Refuses() =>
        Refuses([1], (ref KafkaReader reader) => reader.ExpectEnd("FetchRequest"))
            .ShouldBe("FetchRequest: expected the end of the message, found 1 bytes more (at byte 0 of 1)");

    [Fact]
    public void SkipTaggedFields_WhenTheirNumberIsALie_Refuses() =>
        Refuses(BiggestVarint, (ref KafkaReader reader) => reader.SkipTaggedFields());

    private static void Read(byte[] input, Reading reading)
    {
        var reader = new KafkaReader(input);
        reading(ref reader);
        reader.End.ShouldBe(reader.Position == input.Length);
    }

    private static string Refuses(byte[] input, Reading reading)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new KafkaReader(input);
        try
        {
            reading(ref reader);
        }
        catch (ProtocolException exception)
        {
            const long anExceptionAndItsText = 64 * 1024;
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(anExceptionAndItsText);
            return exception.Message;
        }

        throw new Shouldly.ShouldAssertException("expected a ProtocolException");
    }
}
