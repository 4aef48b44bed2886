using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Bytes from outside give a value or the typed error, quickly and in little memory; nothing else.</summary>
public sealed class HostileBytesTests
{
    [Fact]
    public void RandomBytes_GiveAValueOrTheTypedError()
    {
        var deserializer = new AvroDeserializer<Everything>(AvroSchema.FromType<Everything>());
        var good = Payload.Write(new RandomValues(3).Everything());
        var (values, faults) = (0, 0);
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. good];
            if (seed % 2 == 0)
            {
                bytes = new byte[random.Next(400)];
                random.NextBytes(bytes);
            }
            else
            {
                // A good payload with a few bytes wrong comes much further.
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next();
                }
            }

            try
            {
                deserializer.Deserialize(bytes, Payload.Context);
                values++;
            }
            catch (AvroDataException e)
            {
                e.Path.ShouldStartWith("Everything");
                faults++;
            }
        }

        values.ShouldBeGreaterThan(0);
        faults.ShouldBeGreaterThan(2_500);
    }

    [Fact]
    public void RandomBytes_ForRandomSchemas_GiveAValueOrTheTypedError()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var schema = AvroSchema.Parse(new RandomSchemas(seed).Schema().ToJsonString());
            var deserializer = new AvroDeserializer<object?>(schema);
            var random = new Random(seed);
            for (var i = 0; i < 200; i++)
            {
                var bytes = new byte[random.Next(60)];
                random.NextBytes(bytes);
                try
                {
                    deserializer.Deserialize(bytes, Payload.Context);
                }
                catch (AvroDataException e)
                {
                    e.Path.ShouldNotBeEmpty($"seed {seed}");
                }
            }
        }
    }

    [Theory]
    [InlineData("""[{"name":"f","type":"R","default":{}}]""")]
    [InlineData("""[{"name":"f","type":"R","default":{}},{"name":"g","type":"R","default":{}}]""")]
    public void Default_WithoutEnd_IsATypedError(string fields)
    {
        var writer = AvroSchema.Parse("""{"type":"record","name":"R","fields":[]}""");
        var reader = AvroSchema.Parse("""{"type":"record","name":"R","fields":""" + fields + "}");

        Should.Throw<AvroSchemaException>(
            () => new AvroDeserializer<AvroRecord>(writer, reader).Deserialize([], Payload.Context));
    }

    [Fact]
    public void Payload_CutAtAnyByte_IsATypedError()
    {
        var deserializer = new AvroDeserializer<Everything>(AvroSchema.FromType<Everything>());
        var good = Payload.Write(new RandomValues(5).Everything());
        for (var length = 0; length < good.Length; length++)
        {
            Should.Throw<AvroDataException>(() => deserializer.Deserialize(good.AsSpan(0, length), Payload.Context));
        }
    }

    [Theory]
    [InlineData("""{"type":"array","items":"int"}""", "feffffff0f")]
    [InlineData("""{"type":"array","items":"null"}""", "feffffffffffffffff01")]
    [InlineData("""{"type":"array","items":{"type":"record","name":"Empty","fields":[]}}""", "feffffff0f")]
    [InlineData("""{"type":"map","values":"null"}""", "feffffff0f")]
    [InlineData("\"bytes\"", "feffffff0f")]
    [InlineData("\"string\"", "feffffffffffffffff01")]
    [InlineData("""{"type":"fixed","name":"F","size":2147483647}""", "00")]
    public void DeclaredSizes_AreNotBelieved(string schema, string hex)
    {
        var deserializer = new AvroDeserializer<object?>(AvroSchema.Parse(schema));
        var bytes = Convert.FromHexString(hex);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<AvroDataException>(() => deserializer.Deserialize(bytes, Payload.Context));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void EmptyItems_InManyBlocks_AreCountedTogether()
    {
        var deserializer = new AvroDeserializer<object?>(AvroSchema.Parse("""{"type":"array","items":"null"}"""));

        // Each block of 60,000 is within the limit, all of them are not.
        var bytes = Enumerable.Repeat(Convert.FromHexString("c0a907"), 1_000).SelectMany(b => b).ToArray();

        Should.Throw<AvroDataException>(() => deserializer.Deserialize(bytes, Payload.Context)).Message.ShouldContain("at most");
    }

    [Fact]
    public void Nesting_WithoutEnd_IsATypedError()
    {
        var node = AvroSchema.FromType<Node>();
        var tree = AvroSchema.FromType<Tree>();
        var deep = Enumerable.Repeat((byte)2, 1_000_000).ToArray();

        Should.Throw<AvroDataException>(() => Payload.Read<Node>(deep, node)).Message.ShouldContain("levels deep");
        Should.Throw<AvroDataException>(() => Payload.Read<Tree>(deep, tree)).Message.ShouldContain("levels deep");
        Should.Throw<AvroDataException>(() => Payload.Read<object?>(deep, tree)).Message.ShouldContain("levels deep");
    }

    [Fact]
    public void NestedCollections_ThatEachDeclareMany_TakeLittleMemory()
    {
        // Each level declares 5,000 entries, which the rest of the payload could hold; the first of them is the next level.
        var bytes = Enumerable.Repeat(new byte[] { 0x90, 0x4e, 0x00 }, 10_000).SelectMany(level => level).ToArray();
        var deserializer = new AvroDeserializer<Branching>(AvroSchema.FromType<Branching>());
        var before = GC.GetAllocatedBytesForCurrentThread();

        Should.Throw<AvroDataException>(() => deserializer.Deserialize(bytes, Payload.Context)).Message.ShouldContain("levels deep");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8_000_000);
    }

    [Fact]
    public void SkippedNesting_WithoutEnd_IsATypedError()
    {
        var writer = AvroSchema.Parse(
            """{"type":"record","name":"Wrap","fields":[{"name":"gone","type":{"type":"record","name":"Tree","fields":[{"name":"c","type":{"type":"array","items":"Tree"}}]}}]}""");
        var reader = AvroSchema.Parse("""{"type":"record","name":"Wrap","fields":[]}""");

        Should.Throw<AvroDataException>(() => Payload.Read<object?>(Enumerable.Repeat((byte)2, 1_000_000).ToArray(), writer, reader))
            .Message.ShouldContain("levels deep");
    }

    [Fact]
    public void Value_ThatRefersToItself_IsATypedError()
    {
        var node = new Node { Value = 1 };
        node.Next = node;

        Should.Throw<AvroDataException>(() => Payload.Write(node)).Message.ShouldContain("refers to itself");
    }

    [Fact]
    public void Nesting_AsDeepAsAllowed_ComesBack()
    {
        var node = new Node();
        for (var i = 1; i < AvroLimits.MaxValueDepth; i++)
        {
            node = new Node { Value = i, Next = node };
        }

        var read = Payload.RoundTrip(node);

        read.Value.ShouldBe(AvroLimits.MaxValueDepth - 1);
    }

    [Fact]
    public void Fault_NamesTheFieldAndTheByte()
    {
        var value = new RandomValues(1).Everything() with
        {
            Lines = [new OrderLine("a", 1, 2), new OrderLine("bbbb", 1, 2)],
            Child = null,
        };
        var bytes = Payload.Write(value);

        // The last line's text starts with its length: one that no payload has.
        var at = bytes.AsSpan().LastIndexOf("bbbb"u8) - 1;
        bytes[at] = 0x7e;

        var fault = Should.Throw<AvroDataException>(() => Payload.Read<Everything>(bytes));

        fault.Path.ShouldBe("Everything.Lines[1].Sku");
        fault.Offset.ShouldBe(at);
        fault.Message.ShouldContain("declared length");
    }

    [Fact]
    public void Fault_OfAValueThatCannotBe_NamesItsField()
    {
        var writer = AvroSchema.Parse(
            """{"type":"record","name":"Small","fields":[{"name":"A","type":"int"},{"name":"B","type":"int"}]}""");

        Should.Throw<AvroDataException>(() => Payload.Read<Small>([2, 0x90, 0x03], writer))
            .Message.ShouldBe("Small.B (byte 3): 200 is outside of what an sbyte can be");
    }

    public sealed record Branching(Dictionary<string, Branching> Parts);

    public sealed class Node
    {
        public Node? Next { get; set; }

        public int Value { get; set; }
    }

    public sealed class Tree
    {
        public List<Tree> Children { get; set; } = [];
    }

    public sealed record Small(int A, sbyte B);
}
