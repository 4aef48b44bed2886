using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SchemaStream.Protobuf.Tests.Messages.Acme;
using Xunit.Abstractions;

namespace SchemaStream.Protobuf.Tests.Messages;

/// <summary>Classes that protoc generated, as keys and values of topics.</summary>
public sealed class ProtobufSerializerTests(ITestOutputHelper output)
{
    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    private static Order Sample => new()
    {
        Id = "o-17",
        Total = new Money { Cents = 12_995, Currency = Currency.Eur },
        PlacedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddDays(20_000)),
        Lines = { new Order.Types.Line { Sku = "sku-1", Quantity = 2, Discount = new() { Percent = -5 } } },
        Attributes = { ["source"] = "web" },
        Card = "4111",
    };

    [Fact]
    public void Schema_IsTheFileOfTheClass_AndItsImportsAreReferences()
    {
        var serializer = new ProtobufSerializer<Order.Types.Line>();

        serializer.TypeName.ShouldBe("acme.Order", "the first message stands for the file");
        serializer.SchemaText.ShouldContain("import \"acme/money.proto\";");
        serializer.SchemaText.ShouldContain("google.protobuf.Timestamp placed_at = 3;");
        var money = serializer.References.ShouldHaveSingleItem("well-known types are everywhere: they are not registered");
        (money.Name, money.Subject).ShouldBe(("acme/money.proto", "acme/money.proto"));
        var currency = money.References.ShouldHaveSingleItem();
        (currency.Name, currency.References.Count).ShouldBe(("acme/currency.proto", 0));
        ProtoSchema.Parse(
                serializer.SchemaText,
                [ProtoImport.FromText(money.Name, money.Text), ProtoImport.FromText(currency.Name, currency.Text)])
            .ToText().ShouldBe(serializer.SchemaText);
    }

    [Fact]
    public void TypeName_OfARegisteredSchema_IsItsFirstMessage()
    {
        var serializer = new ProtobufSerializer<Cancelled>();
        var (schema, references) = Codec.Registered(serializer.SchemaText, serializer.References);

        new ProtobufSerializerProvider().TypeNameOf(schema, references).ShouldBe("acme.Order");
        new ProtobufSerializerProvider()
            .TypeNameOf(schema with { Text = ProtoSchema.Parse("message A {}").ToBase64(), References = [] }, [])
            .ShouldBe("A", "a descriptor in base64 is the other form of a schema");
    }

    [Fact]
    public void Message_WrittenAndRead_IsTheSame()
    {
        // A failing seed is run again by: SCHEMASTREAM_SEED=n dotnet test --filter Message_WrittenAndRead
        var seed = Environment.GetEnvironmentVariable("SCHEMASTREAM_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var messages = new RandomMessages(new Random(seed));
        RoundTrip<Order>(messages);
        RoundTrip<Cancelled>(messages);
        RoundTrip<Order.Types.Line.Types.Discount>(messages);
        RoundTrip<Money>(messages);
    }

    [Fact]
    public void Payload_OfALaterWriter_IsReadByItsMessagesName_AndKeepsWhatIsNew()
    {
        const string Later = """
            syntax = "proto3";
            package acme;
            message Audit { string who = 1; }
            message Cancelled { string id = 1; string reason = 9; }
            """;
        var provider = new ProtobufSerializerProvider();
        var deserializer = provider.CreateDeserializer<Cancelled>(new RegisteredSchema(9, SchemaFormat.Protobuf, Later, []), []);

        var read = deserializer.Deserialize(Convert.FromHexString("0202" + "0A036F2D31" + "4A046C617465"), Context);

        read.Id.ShouldBe("o-1");
        Convert.ToHexString(read.ToByteArray()).ShouldBe("0A036F2D314A046C617465");
    }

    [Fact]
    public void Schema_WithoutTheMessage_IsRefused_ByName()
    {
        var writer = new RegisteredSchema(9, SchemaFormat.Protobuf, "syntax = \"proto3\"; package acme; message Audit {}", []);

        Should.Throw<SchemaSerializationException>(() => new ProtobufSerializerProvider().CreateDeserializer<Order>(writer, []))
            .Message.ShouldBe($"The writer's schema has no message acme.Order, which {typeof(Order)} is; it has acme.Audit.");
        Should.Throw<SchemaSerializationException>(
            () => new ProtobufSerializerProvider().CreateDeserializer<Order>(writer with { Text = "message {" }, []));
        Should.Throw<SchemaSerializationException>(
            () => new ProtobufSerializerProvider().CreateDeserializer<Order>(writer with { Format = SchemaFormat.Json }, []));
    }

    [Fact]
    public void Type_ThatProtocDidNotGenerate_IsRefused() =>
        Should.Throw<SchemaSerializationException>(() => new ProtobufSerializerProvider().CreateSerializer<string>())
            .Message.ShouldContain("no class that protoc generated");

    [Fact]
    public void Text_WithHalfASurrogatePair_IsRefused_NotSentDamaged()
    {
        var serializer = new ProtobufSerializer<Cancelled>();
        var isRefused = false;
        try
        {
            Codec.Write(serializer, new Cancelled { Id = "\uD800" });
        }
        catch (SchemaSerializationException)
        {
            isRefused = true;
        }

        // Google.Protobuf writes a replacement character or throws, as its version has it; bytes that nobody reads it never writes.
        (isRefused || Codec.Deserializer<Cancelled>().Deserialize(Codec.Write(serializer, new Cancelled { Id = "\uD800" }), Context).Id == "\uFFFD")
            .ShouldBeTrue();
    }

    [Fact]
    public void Serialize_AllocatesNothing()
    {
        // Google.Protobuf itself takes an enumerator for a map that is not empty.
        var (serializer, buffer, sample) = (new ProtobufSerializer<Order>(), new System.Buffers.ArrayBufferWriter<byte>(64 * 1024), Sample);
        sample.Attributes.Clear();
        for (var i = 0; i < 100; i++)
        {
            serializer.Serialize(sample, Context, buffer);
        }

        buffer.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            serializer.Serialize(sample, Context, buffer);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void MessagesWithMaps_AllocateWhatTheLibraryAllocates_AndNothingMore()
    {
        var (serializer, buffer, sample) = (new ProtobufSerializer<Order>(), new System.Buffers.ArrayBufferWriter<byte>(64 * 1024), Sample);
        sample.Attributes["a"] = "b";
        var deserializer = Codec.Deserializer<Order>();
        var (payload, bare, output) = (Codec.Write(serializer, sample), sample.ToByteArray(), new byte[64 * 1024]);

        // The compiler may change its mind about either of the two at any time: once alike is alike.
        IsOnce(() => Allocated(Serialize) <= Allocated(() => sample.WriteTo(output.AsSpan(0, sample.CalculateSize())))).ShouldBeTrue();
        IsOnce(() => Allocated(() => deserializer.Deserialize(payload, Context)) <= Allocated(() => Order.Parser.ParseFrom(bare.AsSpan()))).ShouldBeTrue();

        void Serialize()
        {
            buffer.ResetWrittenCount();
            serializer.Serialize(sample, Context, buffer);
        }

        static bool IsOnce(Func<bool> isSo) => Enumerable.Range(0, 50).Any(_ => isSo());

        static long Allocated(Action work)
        {
            const int times = 100;
            work();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                work();
            }

            return (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }
    }

    [Fact]
    public void RandomBytes_AreRead_OrRefusedByType()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var messages = new RandomMessages(random);
        var (serializer, deserializer) = (new ProtobufSerializer<Order>(), Codec.Deserializer<Order>());
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? new byte[random.Next(60)] : Codec.Write(serializer, messages.Next<Order>());
            if (i % 2 == 0)
            {
                random.NextBytes(bytes);
            }
            else
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                deserializer.Deserialize(bytes, Context).ShouldNotBeNull();
            }
            catch (SchemaSerializationException)
            {
                // The one answer that is allowed beside a message.
            }
        }
    }

    private static void RoundTrip<T>(RandomMessages messages)
        where T : class, IMessage<T>, new()
    {
        var (serializer, deserializer) = (new ProtobufSerializer<T>(), Codec.Deserializer<T>());
        for (var i = 0; i < 500; i++)
        {
            var message = messages.Next<T>();
            deserializer.Deserialize(Codec.Write(serializer, message), Context).ShouldBe(message);
        }
    }
}
