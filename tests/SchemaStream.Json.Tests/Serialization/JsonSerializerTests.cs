using System.Text;
using System.Text.Json;
using SchemaStream.Json.Tests.Types;
using Xunit.Abstractions;

namespace SchemaStream.Json.Tests.Serialization;

/// <summary>C# values as JSON, and back.</summary>
public sealed class JsonSerializerTests(ITestOutputHelper output)
{
    private static readonly JsonFormatOptions Unvalidated = new() { Validation = JsonDataValidation.None };

    [Fact]
    public void Value_WrittenAndRead_IsTheSame()
    {
        var values = new RandomValues(Seeded());
        for (var i = 0; i < 1000; i++)
        {
            RoundTrip(values.Purchase());
            RoundTrip(values.Category());
            RoundTrip(values.Drawing());
            RoundTrip(values.Page());
        }
    }

    [Fact]
    public void Payload_IsWhatSystemTextJsonWrites_ValidatedOrNot()
    {
        var value = new RandomValues(Seeded()).Purchase();
        var bare = JsonSerializer.SerializeToUtf8Bytes(value, JsonFormatOptions.DefaultSerializerOptions);

        Codec.Write(new JsonSchemaSerializer<Purchase>(), value).ShouldBe(bare);
        Codec.Write(new JsonSchemaSerializer<Purchase>(Unvalidated), value).ShouldBe(bare);
    }

    [Fact]
    public void Payload_ThatDoesNotFollowItsWritersSchema_IsRefused_WithThePlace()
    {
        var deserializer = Reader<Line>("""{"properties": {"sku": {"type": "string", "pattern": "^sku-\\d+$"}}, "required": ["sku"]}""");

        Should.Throw<SchemaSerializationException>(() => Read(deserializer, """{"sku":"7","quantity":1,"weight":1,"was":null}"""))
            .Message.ShouldBe("A Value of topic 'orders' does not follow its writer's schema: /sku does not match '^sku-\\d+$' (#/properties/sku/pattern)");
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, """{"quantity":1}"""))
            .Message.ShouldContain("has no member 'sku'");
        Read(deserializer, """{"sku":"sku-7","quantity":1,"weight":1,"was":null,"new":[]}""").Quantity.ShouldBe(1);
    }

    [Fact]
    public void ValidationOfReading_CanBeOff_AndAnObjectIsStillAsked()
    {
        var deserializer = Reader<Line>("""{"required": ["nobody"]}""", Unvalidated);

        Read(deserializer, """{"sku":"s","quantity":1,"weight":1,"was":"Paid"}""").Was.ShouldBe(Status.Paid);
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, """{"sku":"s"}"""));
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, """{"sku":null,"quantity":1,"weight":1,"was":null}"""));
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, "null")).Message.ShouldContain("is JSON's null");
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, ""));
        Should.Throw<SchemaSerializationException>(() => Read(deserializer, "{} {}"));
    }

    [Fact]
    public void SchemaOfAnotherFormat_OrNone_IsRefused()
    {
        var provider = new JsonSerializerProvider();

        Should.Throw<SchemaSerializationException>(
            () => provider.CreateDeserializer<Line>(new RegisteredSchema(1, SchemaFormat.Avro, "{}", []), []));
        Should.Throw<SchemaSerializationException>(
            () => provider.CreateDeserializer<Line>(new RegisteredSchema(1, SchemaFormat.Json, "{", []), []));
        Should.Throw<SchemaSerializationException>(
                () => provider.CreateDeserializer<Line>(new RegisteredSchema(1, SchemaFormat.Json, """{"$ref": "lost.json"}""", []), []))
            .Message.ShouldContain("'lost.json', to which the schema refers, is not at hand");
    }

    [Fact]
    public void ReferencedSchema_IsFoundByTheNameOfItsReferrer()
    {
        var writer = new RegisteredSchema(
            2, SchemaFormat.Json, """{"title": "Line", "properties": {"sku": {"$ref": "sku.json"}}}""", [new SchemaReference("sku.json", "skus", 3)]);
        var sku = new RegisteredSchema(1, SchemaFormat.Json, """{"maxLength": 2}""", [], "skus", 3);
        var provider = new JsonSerializerProvider();

        provider.TypeNameOf(writer, [sku]).ShouldBe("Line");
        Should.Throw<SchemaSerializationException>(
                () => Read(provider.CreateDeserializer<Line>(writer, [sku]), """{"sku":"long","quantity":1,"weight":1,"was":null}"""))
            .Message.ShouldContain("/sku has 4 characters");
    }

    [Fact]
    public void WhatJsonCannotSay_IsRefused_AndTheNextValueIsWrittenAsIfNothingWas()
    {
        var serializer = new JsonSchemaSerializer<Line>(Unvalidated);

        Should.Throw<SchemaSerializationException>(() => Codec.Write(serializer, new Line("s", 1, double.NaN, null)));
        Encoding.UTF8.GetString(Codec.Write(serializer, new Line("s", 1, 2, null)))
            .ShouldBe("""{"sku":"s","quantity":1,"weight":2,"was":null}""");
        var tree = new JsonSchemaSerializer<Category>(Unvalidated);
        var endless = new Category("a", []);
        endless.Children.Add(endless);
        Should.Throw<SchemaSerializationException>(() => Codec.Write(tree, endless)).InnerException.ShouldBeOfType<JsonException>();
    }

    [Theory]
    [InlineData(JsonDataValidation.None)]
    [InlineData(JsonDataValidation.WritingAndReading)]
    public void Serialize_AllocatesNothing(JsonDataValidation validation)
    {
        var serializer = new JsonSchemaSerializer<Line>(new JsonFormatOptions { Validation = validation });
        var (value, buffer) = (new Line("a", 1, 2, Status.Paid), new System.Buffers.ArrayBufferWriter<byte>(256 * 1024));
        for (var i = 0; i < 200; i++)
        {
            serializer.Serialize(value, Codec.Context, buffer);
        }

        buffer.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            serializer.Serialize(value, Codec.Context, buffer);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void RandomBytes_AreRead_OrRefusedByType()
    {
        var random = Seeded();
        var values = new RandomValues(random);
        var serializer = new JsonSchemaSerializer<Purchase>();
        var validated = new JsonSchemaDeserializer<Purchase>(JsonSchema.Parse(serializer.SchemaText));
        var bare = new JsonSchemaDeserializer<Purchase>(JsonSchema.Parse(serializer.SchemaText), Unvalidated);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = Codec.Write(serializer, values.Purchase());
            for (var damage = random.Next(4); damage >= 0; damage--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var input = i % 3 == 0 ? bytes.AsSpan(0, random.Next(bytes.Length)) : bytes;
            foreach (var deserializer in (ReadOnlySpan<JsonSchemaDeserializer<Purchase>>)[validated, bare])
            {
                try
                {
                    deserializer.Deserialize(input, Codec.Context).ShouldNotBeNull();
                }
                catch (SchemaSerializationException)
                {
                    // The one answer that is allowed beside a value.
                }
            }
        }
    }

    private static void RoundTrip<T>(T value)
    {
        var bytes = Codec.Write(Both<T>.Serializer, value);
        var read = Both<T>.Deserializer.Deserialize(bytes, Codec.Context);

        // Records compare their lists by reference: what is written again says whether all is there.
        Codec.Write(Both<T>.Serializer, read).AsSpan().SequenceEqual(bytes).ShouldBeTrue(Encoding.UTF8.GetString(bytes));
    }

    private static class Both<T>
    {
        public static readonly JsonSchemaSerializer<T> Serializer = new();
        public static readonly JsonSchemaDeserializer<T> Deserializer = new(JsonSchema.Parse(Serializer.SchemaText));
    }

    private static JsonSchemaDeserializer<T> Reader<T>(string schema, JsonFormatOptions? options = null) =>
        new(JsonSchema.Parse(schema), options);

    private static T Read<T>(ISchemaDeserializer<T> deserializer, string json) =>
        deserializer.Deserialize(Encoding.UTF8.GetBytes(json), Codec.Context);

    private Random Seeded()
    {
        // A failing seed is run again by: SCHEMASTREAM_SEED=n dotnet test --filter JsonSerializerTests
        var seed = Environment.GetEnvironmentVariable("SCHEMASTREAM_SEED") is { } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
