using System.Collections.Immutable;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>C# values of every supported shape come back as they were.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Everything_WithRandomValues_ComesBack()
    {
        var serializer = new AvroSerializer<Everything>();
        var deserializer = new AvroDeserializer<Everything>(AvroSchema.Parse(serializer.SchemaText));
        for (var seed = 0; seed < 300; seed++)
        {
            var value = new RandomValues(seed).Everything();
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            serializer.Serialize(value, Payload.Context, output);

            var read = deserializer.Deserialize(output.WrittenSpan, Payload.Context);

            JsonSerializer.Serialize(read).ShouldBe(JsonSerializer.Serialize(value), $"seed {seed}");
        }
    }

    [Fact]
    public void Strings_OfEveryLengthAndScript_ComeBack()
    {
        var serializer = new AvroSerializer<Texts>();
        var deserializer = new AvroDeserializer<Texts>(serializer.Schema);
        foreach (var letter in new[] { "a", "ä", "€", "😀", "\u0000", "\uFFFD", "aä€😀" })
        {
            foreach (var count in new[] { 0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 62, 63, 64, 65, 127, 128, 2_730, 2_731, 8_191, 8_192, 100_000 })
            {
                var value = string.Concat(Enumerable.Repeat(letter, count));

                var output = new System.Buffers.ArrayBufferWriter<byte>();
                serializer.Serialize(new Texts(value, [value, null, value]), Payload.Context, output);

                var read = deserializer.Deserialize(output.WrittenSpan, Payload.Context);

                (read.One == value).ShouldBeTrue($"{letter} {count}");
                read.Items.SequenceEqual([value, null, value]).ShouldBeTrue($"{letter} {count}");
            }
        }
    }

    [Fact]
    public void Values_InABufferThatIsTooSmallAtAnyPoint_AreWhole()
    {
        // The buffer gives exactly what is asked for, so every size of value meets every end of a span.
        var serializer = new AvroSerializer<Everything>();
        var deserializer = new AvroDeserializer<Everything>(serializer.Schema);
        for (var length = 0; length < 700; length++)
        {
            var value = new RandomValues(1).Everything() with { Name = new string('x', length), Note = new string('ä', length / 3) };
            var output = new ExactBuffer();
            serializer.Serialize(value, Payload.Context, output);

            JsonSerializer.Serialize(deserializer.Deserialize(output.Written, Payload.Context)).ShouldBe(JsonSerializer.Serialize(value));
        }
    }

    [Fact]
    public void Shapes_MadeInOtherWays_ComeBack()
    {
        Payload.RoundTrip(new Mutable { A = 1, B = "b" }).ShouldSatisfyAllConditions(v => v.A.ShouldBe(1), v => v.B.ShouldBe("b"));
        Payload.RoundTrip(new Required { Id = 7, Tags = [] }).Id.ShouldBe(7);
        Payload.RoundTrip(new WithConstructor(3, [1, 2])).Values.ShouldBe([1, 2]);
        Payload.RoundTrip(new Page<OrderLine>([new("a", 1, null)], null)).Items[0].ShouldBe(new OrderLine("a", 1, null));
        Payload.RoundTrip(new Derived { Name = "n", Size = 2 }).ShouldSatisfyAllConditions(v => v.Name.ShouldBe("n"), v => v.Size.ShouldBe(2));
        Payload.RoundTrip(new Fields { X = 4 }).X.ShouldBe(4);
        Payload.RoundTrip<int?>(null).ShouldBeNull();
        Payload.RoundTrip<Channel?>(Channel.Shop).ShouldBe(Channel.Shop);
        Payload.RoundTrip(new Queue<int>([1, 2])).ShouldBe([1, 2]);
        Payload.RoundTrip(new SortedSet<string>(["b", "a"])).ShouldBe(["a", "b"]);
        Payload.RoundTrip(new SortedDictionary<string, int> { ["b"] = 1, ["a"] = 2 })["a"].ShouldBe(2);
        Payload.RoundTrip<IEnumerable<int>>(Enumerable.Range(0, 40)).Count().ShouldBe(40);
        Payload.RoundTrip<IImmutableSet<int>>(ImmutableHashSet.Create(1)).ShouldBe([1]);
    }

    [Fact]
    public void Record_OfVeryManySmallRecords_ComesBack()
    {
        var one = new Numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        var ten = new Ten<Numbers>(one, one, one, one, one, one, one, one, one, one with { L = -1 });
        var value = new Ten<Ten<Numbers>>(ten, ten, ten, ten, ten, ten, ten, ten, ten, ten);

        Payload.RoundTrip(value).ShouldBe(value);
        Payload.Write(value).Length.ShouldBe(1200);
    }

    [Fact]
    public void Member_ThatTheWriterLacks_TakesItsDefault()
    {
        var writer = AvroSchema.Parse("""{"type":"record","name":"V2","fields":[{"name":"Id","type":"int"}]}""");

        var read = Payload.Read<V2>([14], writer);

        read.ShouldBe(new V2(7, "none", 1.5m, Channel.Shop, null, null));
        read.Amount.ShouldBe(1.5m);
    }

    [Fact]
    public void Collection_FromADefault_IsMadeAnewEachTime()
    {
        var writer = AvroSchema.Parse("""{"type":"record","name":"Defaulted","fields":[]}""");
        var deserializer = new AvroDeserializer<Defaulted>(writer);

        var first = deserializer.Deserialize([], Payload.Context);
        first.Numbers.Add(9);

        deserializer.Deserialize([], Payload.Context).Numbers.ShouldBe([1, 2]);
    }

    [Fact]
    public void Type_ForAGivenSchema_FitsNamesThatDifferInCase()
    {
        var schema = AvroSchema.Parse(
            """{"type":"record","name":"OrderLine","namespace":"com.acme","fields":[{"name":"quantity","type":["int","null"]},{"name":"sku","type":"string"},{"name":"price","type":"double"},{"name":"extra","type":"int","default":5}]}""");

        Payload.Hex(new OrderLine("a", 0, 3), schema).ShouldBe("0006" + "0261" + "0000000000000000" + "0a");
        Payload.RoundTrip(new OrderLine("a", 0, null), schema).ShouldBe(new OrderLine("a", 0, null));
    }

    [Fact]
    public void Type_ThatDoesNotFitAGivenSchema_IsRefusedByMember()
    {
        var lost = AvroSchema.Parse("""{"type":"record","name":"OrderLine","fields":[{"name":"Sku","type":"string"},{"name":"Price","type":"double"}]}""");
        var other = AvroSchema.Parse("""{"type":"record","name":"OrderLine","fields":[{"name":"Sku","type":"int"},{"name":"Price","type":"double"},{"name":"Quantity","type":"int"}]}""");

        Should.Throw<AvroSchemaException>(() => new AvroSerializer<OrderLine>(lost)).Message.ShouldContain("OrderLine.Quantity");
        Should.Throw<AvroSchemaException>(() => new AvroSerializer<OrderLine>(other)).Message.ShouldContain("OrderLine.Sku");
    }

    public sealed record Numbers(int A, int B, int C, int D, int E, int F, int G, int H, int I, int J, int K, int L);

    public sealed record Ten<T>(T A, T B, T C, T D, T E, T F, T G, T H, T I, T J);

    public sealed record Texts(string One, List<string?> Items);

    public sealed record V2(int Id, string Name = "none", decimal Amount = 1.5m, Channel Channel = Channel.Shop, string? Note = null, int? Count = null);

    public sealed class Defaulted
    {
        [AvroDefault("[1,2]")]
        public List<int> Numbers { get; set; } = [];
    }

    public sealed class Mutable
    {
        public int A { get; set; }

        public string B { get; set; } = "";
    }

    public sealed class Required
    {
        public required int Id { get; init; }

        public required Dictionary<string, int> Tags { get; init; } = [];
    }

    public sealed class WithConstructor(int id, IEnumerable<int> values)
    {
        public int Id { get; } = id;

        public IReadOnlyList<int> Values { get; } = [.. values];

        public int Computed => Id * 2;
    }

    public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

    public class Base
    {
        public string Name { get; set; } = "";
    }

    public sealed class Derived : Base
    {
        public int Size { get; set; }
    }

    internal struct Fields
    {
        public int X;
    }
}
