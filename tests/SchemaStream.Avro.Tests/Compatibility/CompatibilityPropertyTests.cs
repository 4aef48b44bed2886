using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Tests.Codec;

namespace SchemaStream.Avro.Tests.Compatibility;

/// <summary>A promise kept: where the check says that a new schema reads old data, it does. A failure names the seed.</summary>
public sealed class CompatibilityPropertyTests
{
    private const int Pairs = 10_000;

    [Fact]
    public void Data_OfTheOldSchema_IsReadWithTheNew_WhereTheCheckSaysSo()
    {
        var (read, refused) = (0, 0);
        for (var seed = 1; seed <= Pairs; seed++)
        {
            var pair = new RandomPairs(seed).Next();
            var writer = AvroSchema.Parse(pair.Writer.ToJsonString());
            var reader = AvroSchema.Parse(pair.Reader.ToJsonString());
            if (AvroCompatibility.Check(reader, writer).Count > 0)
            {
                refused++;
                continue;
            }

            var bytes = Payload.Write(new RandomSchemas(seed).Value(writer), writer);
            var place = $"seed {seed}: writer {writer} reader {reader}";
            Should.NotThrow(() => ReferenceResolver.Read(writer, reader, bytes), place);
            Should.NotThrow(() => Payload.Read<object?>(bytes, writer, reader), place);
            read++;
        }

        read.ShouldBeGreaterThan(Pairs / 4);
        refused.ShouldBeGreaterThan(Pairs / 4);
    }
}
