using System.Text.Json.Nodes;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Random schemas and values; a failure names the seed that repeats it.</summary>
public sealed class ResolutionPropertyTests
{
    private const int Seeds = 200;
    private const int ManySeeds = 10_000;

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSame()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new RandomSchemas(seed);
            var schema = AvroSchema.Parse(random.Schema().ToJsonString());
            var value = random.Value(schema);

            var bytes = Payload.Write(value, schema);

            Same(Payload.Read<object?>(bytes, schema), value).ShouldBeTrue($"seed {seed}: {schema}");
            Same(ReferenceResolver.Read(schema, schema, bytes), value).ShouldBeTrue($"seed {seed}: {schema}");
            AvroSchema.Parse(schema.ToJson()).ToJson().ShouldBe(schema.ToJson());
            AvroSchema.Parse(schema.CanonicalForm).CanonicalForm.ShouldBe(schema.CanonicalForm);
        }
    }

    [Fact]
    public void Read_WithAnotherSchema_AgreesWithTheReference_AndWithTheCheck() => Agree(0, Seeds);

    [Fact]
    [Trait("Category", "Long")]
    public void Read_WithManyOtherSchemas_AgreesWithTheReference_AndWithTheCheck() => Agree(Seeds, ManySeeds);

    private static void Agree(int first, int end)
    {
        var (read, refused) = (0, 0);
        for (var seed = first; seed < end; seed++)
        {
            var random = new RandomSchemas(seed);
            var text = random.Schema();
            var writer = AvroSchema.Parse(text.ToJsonString());
            var reader = AvroSchema.Parse(random.Reader(text).ToJsonString());
            var bytes = Payload.Write(random.Value(writer), writer);
            var place = $"seed {seed}: writer {writer} reader {reader}";

            var expected = Try(() => ReferenceResolver.Read(writer, reader, bytes), out var reference);
            var isKnownBefore = Try(() => new AvroDeserializer<object?>(writer, reader), out _);
            var actual = Try(() => Payload.Read<object?>(bytes, writer, reader), out var value);

            // A pair that does not resolve is refused before the first byte, though this value may not meet the reason.
            if (isKnownBefore || AvroCompatibility.Check(reader, writer).Count == 0)
            {
                actual.ShouldBe(expected, place);
            }

            if (AvroCompatibility.Check(reader, writer).Count == 0)
            {
                // But for bytes that are no text: the check knows types only.
                actual.ShouldBeTrue(place);
            }

            if (actual)
            {
                Same(value, reference).ShouldBeTrue(place);
            }

            (read, refused) = (read + (actual ? 1 : 0), refused + (actual ? 0 : 1));
        }

        read.ShouldBeGreaterThan((end - first) / 2);
        refused.ShouldBeGreaterThan(5);
    }

    private static bool Same(object? a, object? b) => JsonNode.DeepEquals(PlainJson.Of(a), PlainJson.Of(b));

    private static bool Try(Func<object?> read, out object? value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or AvroDataException or AvroSchemaException)
        {
            value = null;
            return false;
        }
    }
}
