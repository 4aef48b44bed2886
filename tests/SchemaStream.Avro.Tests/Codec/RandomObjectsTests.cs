using System.Buffers;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Random values of C# types come back as they were; random bytes give a value or the typed error; other writers' data is what the slow resolver says.</summary>
public sealed class RandomObjectsTests
{
    private const int Seeds = 60;
    private const int Writers = 6;
    private const int ManyWriters = 60;

    [Fact]
    public void Values_OfEveryShape_ComeBack()
    {
        ComeBack<Everything>();
        ComeBack<ManyShapes>();
        ComeBack<Times>();
        ComeBack<Figure>();
        ComeBack<Formula>();
        ComeBack<Beast>();
        ComeBack<Pair<Point, Figure>>();
        ComeBack<List<ManyShapes>>();
        ComeBack<Dictionary<string, Formula>>();
        ComeBack<Guid>();
        ComeBack<decimal>();
        ComeBack<Channel?>();
    }

    [Fact]
    public void RandomBytes_ForEveryShape_GiveAValueOrTheTypedError()
    {
        Withstand<Everything>();
        Withstand<ManyShapes>();
        Withstand<Times>();
        Withstand<Figure>();
        Withstand<Formula>();
        Withstand<Pair<Point, Figure>>();
        Withstand<List<ManyShapes>>();
        Withstand<Dictionary<string, Formula>>();
        Withstand<User>();
        Withstand<string>();
        Withstand<decimal>();
        Withstand<Dictionary<string, int[]>>();
    }

    [Fact]
    public void Data_OfRandomWriters_IsWhatTheSlowResolverSays()
    {
        Resolve<Everything>(0, Writers);
        Resolve<ManyShapes>(0, Writers);
        Resolve<Times>(0, Writers);
        Resolve<Figure>(0, Writers);
        Resolve<Formula>(0, Writers);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Data_OfManyRandomWriters_IsWhatTheSlowResolverSays()
    {
        Resolve<Everything>(Writers, ManyWriters);
        Resolve<ManyShapes>(Writers, ManyWriters);
        Resolve<Times>(Writers, ManyWriters);
        Resolve<Figure>(Writers, ManyWriters);
        Resolve<Formula>(Writers, ManyWriters);
    }

    private static void ComeBack<T>()
    {
        var serializer = new AvroSerializer<T>();
        var deserializer = new AvroDeserializer<T>(AvroSchema.Parse(serializer.SchemaText));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var value = new RandomObjects(seed).Of<T>();
            var output = new ArrayBufferWriter<byte>();
            serializer.Serialize(value, Payload.Context, output);

            var read = deserializer.Deserialize(output.WrittenSpan, Payload.Context);

            RandomObjects.AreEqual(read, value).ShouldBeTrue($"{typeof(T).Name}, seed {seed}");
        }
    }

    private static void Withstand<T>()
    {
        var serializer = new AvroSerializer<T>();
        var deserializer = new AvroDeserializer<T>(serializer.Schema);
        for (var seed = 0; seed < 4 * Seeds; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (seed % 2 == 0 && typeof(T) != typeof(User))
            {
                // A good payload with a few bytes wrong comes much further.
                var output = new ArrayBufferWriter<byte>();
                serializer.Serialize(new RandomObjects(seed).Of<T>(), Payload.Context, output);
                bytes = output.WrittenSpan.ToArray();
                for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next();
                }
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                deserializer.Deserialize(bytes, Payload.Context);
            }
            catch (AvroDataException e)
            {
                e.Path.ShouldNotBeEmpty($"{typeof(T).Name}, seed {seed}");
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000, $"{typeof(T).Name}, seed {seed}");
        }
    }

    private static void Resolve<T>(int first, int end)
    {
        var serializer = new AvroSerializer<T>();
        var same = new AvroDeserializer<T>(serializer.Schema);
        for (var seed = first; seed < end; seed++)
        {
            var other = new RandomWriters(seed);
            var writer = AvroSchema.Parse(other.Writer(serializer.SchemaText).ToJsonString());
            var deserializer = new AvroDeserializer<T>(writer);
            for (var i = 0; i < 3; i++)
            {
                var stored = Payload.Read<object?>(Payload.Write(new RandomObjects((seed * 3) + i).Of<T>()), serializer.Schema);
                var bytes = Payload.Write(other.Adapt(stored, serializer.Schema, writer), writer);
                var place = $"{typeof(T).Name}, seed {seed}: {writer}";

                var read = deserializer.Deserialize(bytes, Payload.Context);

                var expected = ReferenceResolver.Read(writer, serializer.Schema, bytes);
                RandomObjects.AreEqual(read, same.Deserialize(Payload.Write(expected, serializer.Schema), Payload.Context)).ShouldBeTrue(place);
            }
        }
    }
}
