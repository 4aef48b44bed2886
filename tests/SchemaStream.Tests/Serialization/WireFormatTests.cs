using SchemaStream.Avro;
using SchemaStream.Primitives;
using SchemaStream.Serialization;
using SchemaStream.Tests.Contracts;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Serialization;

/// <summary>The bytes that go out, and what they cost.</summary>
public sealed class WireFormatTests
{
    [Theory]
    [InlineData(1, "0000000001")]
    [InlineData(0x01020304, "0001020304")]
    [InlineData(int.MaxValue, "007FFFFFFF")]
    public void Prefix_IsAZeroAndTheIdBigEndian(int id, string hex)
    {
        var bytes = new byte[WireFormat.PrefixBytes];

        WireFormat.WritePrefix(bytes, id);

        Convert.ToHexString(bytes).ShouldBe(hex);
        WireFormat.ReadPrefix(bytes).ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0100000001")]
    [InlineData("7B22613A317D")]
    public void Prefix_WhenItIsNone_IsRefusedInWords(string hex) =>
        Should.Throw<SchemaSerializationException>(() => WireFormat.ReadPrefix(Convert.FromHexString(hex)))
            .Message.ShouldContain("plain producer");

    [Fact]
    public void Record_IsKeyAndPrefixedValueInOneBuffer()
    {
        var record = EncodedRecord.Rent(default);
        Keys.Write("k1", record).ShouldBeTrue();
        record.EndKey();
        Values.Write("abc", record).ShouldBeTrue();
        record.EndValue();

        Convert.ToHexString(record.Key).ShouldBe("6B31");
        Convert.ToHexString(record.Value).ShouldBe("0000000007" + "616263");
        record.Return();
    }

    [Fact]
    public void Record_OfNullKeyAndNoValue_HasNeither()
    {
        var record = EncodedRecord.Rent(default);

        Keys.Write(null!, record).ShouldBeFalse();

        record.KeyLength.ShouldBe(EncodedRecord.Absent);
        record.ValueLength.ShouldBe(EncodedRecord.Absent);
        record.Return();
    }

    [Fact]
    public void Record_LargerThanTheBuffer_KeepsWhatWasWritten()
    {
        var record = EncodedRecord.Rent(default);
        var large = new string('x', 100_000);
        Keys.Write("key", record);
        record.EndKey();
        Values.Write(large, record);
        record.EndValue();

        record.Key.ToArray().ShouldBe("key"u8.ToArray());
        record.ValueLength.ShouldBe(100_000 + WireFormat.PrefixBytes);
        record.Value[^1].ShouldBe((byte)'x');
        record.Return();
    }

    [Fact]
    public void Record_InASteadyStream_AllocatesNothing()
    {
        var order = Orders.Order(7);
        var orders = new SlotWriter<OrderPlaced>(
            new AvroSerializer<OrderPlaced>(), new SerializationContext("t", RecordSlot.Value), 7);
        Encode(orders, order);
        Encode(orders, order);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var n = 0; n < 1000; n++)
        {
            Encode(orders, order);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Encode(SlotWriter<OrderPlaced> orders, OrderPlaced order)
        {
            var record = EncodedRecord.Rent(default);
            Keys.Write(order.Customer, record);
            record.EndKey();
            orders.Write(order, record);
            record.EndValue();
            record.Return();
        }
    }

    private static readonly SlotWriter<string> Keys = new(
        PrimitiveSerializers.Serializer<string>(SchemaFormat.String), new SerializationContext("t", RecordSlot.Key), 0);

    private static readonly SlotWriter<string> Values = new(
        new TextWithASchema(), new SerializationContext("t", RecordSlot.Value), 7);
}
