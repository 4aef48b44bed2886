using SchemaStream.Protobuf.Tests.Messages.Acme;

namespace SchemaStream.Protobuf.Tests.Messages;

/// <summary>Confluent's path of a message within its file, byte for byte.</summary>
public sealed class MessageIndexesTests
{
    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    [Fact]
    public void FirstMessage_IsOneZero() => Bytes(new Order()).ShouldBe("00");

    [Fact]
    public void SecondMessage_IsACountAndAStep_InZigzag() => Bytes(new Cancelled()).ShouldBe("0202");

    [Fact]
    public void NestedMessages_AreTheWholePath()
    {
        // The entry of the map, which stands first in the descriptor, is not counted.
        Bytes(new Order.Types.Line()).ShouldBe("040000");
        Bytes(new Order.Types.Line.Types.Reason()).ShouldBe("06000000");
        Bytes(new Order.Types.Line.Types.Discount()).ShouldBe("06000002");
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0200")]
    public void FirstMessage_IsRead_InTheShortFormAndTheLong(string prefix)
    {
        var order = new Order { Id = "o-1" };

        Read<Order>(prefix + "0A036F2D31").ShouldBe(order);
    }

    [Fact]
    public void WriterThatCountsMapEntries_IsUnderstood()
    {
        var line = new Order.Types.Line { Sku = "s" };

        Read<Order.Types.Line>("040002" + "0A0173").ShouldBe(line);
        Read<Order.Types.Line>("040000" + "0A0173").ShouldBe(line);
    }

    [Theory]
    [InlineData("", "cut off")]
    [InlineData("02", "cut off")]
    [InlineData("80", "cut off")]
    [InlineData("FFFFFFFFFF01", "no varints")]
    [InlineData("01", "say that they are -1")]
    [InlineData("FEFFFFFF0F", "say that they are 2147483647")]
    [InlineData("0206", "message [3], which its schema does not have")]
    [InlineData("0202", "is acme.Cancelled, not acme.Order")]
    [InlineData("040000", "is acme.Order.Line, not acme.Order")]
    public void OtherIndexes_AreRefused(string hex, string why) =>
        Should.Throw<SchemaSerializationException>(() => Read<Order>(hex)).Message.ShouldContain(why);

    private static string Bytes<T>(T message)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new ProtobufSerializer<T>().Serialize(message, Context, output);
        return Convert.ToHexString(output.WrittenSpan);
    }

    private static T Read<T>(string hex) => Codec.Deserializer<T>().Deserialize(Convert.FromHexString(hex), Context);
}
