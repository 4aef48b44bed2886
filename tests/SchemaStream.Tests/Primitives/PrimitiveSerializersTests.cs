using SchemaStream.Primitives;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Primitives;

/// <summary>Byte for byte what Kafka's own serializers write.</summary>
public sealed class PrimitiveSerializersTests
{
    private static readonly SerializationContext Context = new("t", RecordSlot.Value);

    public static TheoryData<SchemaFormat, object, string> Golden => new()
    {
        { SchemaFormat.String, "", "" },
        { SchemaFormat.String, "grüße", "6772C3BCC39F65" },
        { SchemaFormat.Int32, 1, "00000001" },
        { SchemaFormat.Int32, int.MinValue, "80000000" },
        { SchemaFormat.Int64, -2L, "FFFFFFFFFFFFFFFE" },
        { SchemaFormat.Float32, 1.5f, "3FC00000" },
        { SchemaFormat.Float64, 1.5, "3FF8000000000000" },
        { SchemaFormat.Bytes, new byte[] { 0, 255 }, "00FF" },
        {
            SchemaFormat.Uuid, Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"),
            "30313233343536372D383961622D636465662D303132332D343536373839616263646566"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Value_IsWrittenAsKafkaDoes_AndReadBack(SchemaFormat format, object value, string hex)
    {
        switch (value)
        {
            case string text:
                Check(format, text, hex);
                break;
            case int number:
                Check(format, number, hex);
                break;
            case long number:
                Check(format, number, hex);
                break;
            case float number:
                Check(format, number, hex);
                break;
            case double number:
                Check(format, number, hex);
                break;
            case Guid uuid:
                Check(format, uuid, hex);
                break;
            case byte[] bytes:
                Convert.ToHexString(Write(format, bytes)).ShouldBe(hex);
                Convert.ToHexString(Write<ReadOnlyMemory<byte>>(format, bytes)).ShouldBe(hex);
                Read<byte[]>(format, hex).ShouldBe(bytes);
                Read<ReadOnlyMemory<byte>>(format, hex).ToArray().ShouldBe(bytes);
                break;
        }
    }

    [Theory]
    [InlineData(SchemaFormat.Int32, typeof(int), "00")]
    [InlineData(SchemaFormat.Int64, typeof(long), "0000000000000000FF")]
    [InlineData(SchemaFormat.Float32, typeof(float), "3FC000")]
    [InlineData(SchemaFormat.Float64, typeof(double), "")]
    [InlineData(SchemaFormat.String, typeof(string), "C328")]
    [InlineData(SchemaFormat.Uuid, typeof(Guid), "3031")]
    [InlineData(SchemaFormat.Uuid, typeof(Guid), "7A3233343536372D383961622D636465662D303132332D34353637383961626364656630")]
    [InlineData(SchemaFormat.None, typeof(Nothing), "00")]
    public void Bytes_ThatAreNoSuchPrimitive_AreRefused(SchemaFormat format, Type type, string hex)
    {
        var read = typeof(PrimitiveSerializersTests).GetMethod(
            nameof(Read), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(type);

        Should.Throw<System.Reflection.TargetInvocationException>(() => read.Invoke(null, [format, hex]))
            .InnerException.ShouldBeOfType<SchemaSerializationException>();
    }

    [Fact]
    public void Text_OfHalfASurrogatePair_IsRefused() =>
        Should.Throw<SchemaSerializationException>(() => Write(SchemaFormat.String, "a\ud800"));

    [Fact]
    public void RandomBytes_AreRead_OrRefusedByType()
    {
        var random = new Random(6);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            Try<string>(SchemaFormat.String, bytes);
            Try<byte[]>(SchemaFormat.Bytes, bytes);
            Try<int>(SchemaFormat.Int32, bytes);
            Try<long>(SchemaFormat.Int64, bytes);
            Try<float>(SchemaFormat.Float32, bytes);
            Try<double>(SchemaFormat.Float64, bytes);
            Try<Guid>(SchemaFormat.Uuid, bytes);
        }

        static void Try<T>(SchemaFormat format, byte[] bytes)
        {
            try
            {
                var value = PrimitiveSerializers.Deserializer<T>(format).Deserialize(bytes, in Context);
                Write(format, value).ShouldBe(bytes, "what was read is what was written");
            }
            catch (SchemaSerializationException)
            {
                // The one answer that is allowed beside a value.
            }
        }
    }

    [Fact]
    public void Format_ThatCannotCarryTheType_IsRefused()
    {
        Should.Throw<ArgumentException>(() => PrimitiveSerializers.Serializer<int>(SchemaFormat.Int64));
        Should.Throw<ArgumentException>(() => PrimitiveSerializers.Deserializer<string>(SchemaFormat.Avro));
    }

    private static void Check<T>(SchemaFormat format, T value, string hex)
    {
        Convert.ToHexString(Write(format, value)).ShouldBe(hex);
        Read<T>(format, hex).ShouldBe(value);
    }

    private static byte[] Write<T>(SchemaFormat format, T value)
    {
        var record = EncodedRecord.Rent(default);
        PrimitiveSerializers.Serializer<T>(format).Serialize(value, in Context, record);
        record.EndValue();
        var bytes = record.Value.ToArray();
        record.Return();
        return bytes;
    }

    private static T Read<T>(SchemaFormat format, string hex) =>
        PrimitiveSerializers.Deserializer<T>(format).Deserialize(Convert.FromHexString(hex), in Context);
}
