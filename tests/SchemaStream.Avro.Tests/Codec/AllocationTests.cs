using System.Buffers;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Writing allocates nothing; reading allocates the value and nothing else.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Serialize_AllocatesNothing()
    {
        var value = new RandomValues(7).Everything() with
        {
            Nested = new List<int[]> { new[] { 1, 2 } },
            Counts = new Dictionary<string, int?> { ["a"] = 1 },
        };
        var serializer = new AvroSerializer<Everything>();
        var output = new ArrayBufferWriter<byte>(64 * 1024);

        Allocated(() =>
        {
            output.ResetWrittenCount();
            serializer.Serialize(value, Payload.Context, output);
        }).ShouldBe(0);
    }

    [Fact]
    public void Deserialize_OfValuesWithoutObjects_AllocatesNothing()
    {
        var bytes = Payload.Write(new Point(1, 2));
        var deserializer = new AvroDeserializer<Point>(AvroSchema.FromType<Point>());

        Allocated(() => deserializer.Deserialize(bytes, Payload.Context)).ShouldBe(0);
    }

    [Fact]
    public void Deserialize_AllocatesTheObjectAndItsText()
    {
        var value = new OrderLine("abcdefgh", 1, 2);
        var bytes = Payload.Write(value);
        var deserializer = new AvroDeserializer<OrderLine>(AvroSchema.FromType<OrderLine>());
        var made = Allocated(() => new OrderLine(new string('x', 8), 1, 2));

        Allocated(() => deserializer.Deserialize(bytes, Payload.Context)).ShouldBe(made);
    }

    private static long Allocated<T>(Func<T> work) => Allocated(() => { work(); });

    private static long Allocated(Action work)
    {
        for (var i = 0; i < 100; i++)
        {
            work();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            work();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }
}
