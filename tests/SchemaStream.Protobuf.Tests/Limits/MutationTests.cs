using Google.Protobuf;

namespace SchemaStream.Protobuf.Tests.Limits;

/// <summary>Files of the corpus, damaged at random from a seed: each is read or refused, and what is read survives printing.</summary>
public sealed class MutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_text_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        var names = Corpus.Files(Corpus.Good);
        for (var i = 0; i < 1_500; i++)
        {
            var name = names[random.Next(names.Count)];
            var text = Damage.Of(Corpus.Text(Corpus.Good, name), random);
            if (text.Length > 100_000)
            {
                continue;
            }

            try
            {
                var schema = ProtoSchema.Parse(text, Corpus.Imports(name), name);
                read++;
                var printed = schema.ToText();
                ProtoSchema.Parse(printed, Corpus.Imports(name), name).File.ToByteArray().ShouldBe(schema.File.ToByteArray(), text);
                var normal = schema.ToNormalizedText();
                ProtoSchema.Parse(normal, Corpus.Imports(name), name).ToNormalizedText().ShouldBe(normal, text);
            }
            catch (ProtoSchemaException exception) when (exception.Line > 0)
            {
                // Refused, and it says where.
            }
        }

        read.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_damaged_descriptor_is_read_or_refused(int seed)
    {
        var random = new Random(seed);
        var originals = Corpus.Files(Corpus.Good).Select(static n => (Name: n, Bytes: Corpus.Parse(n).File.ToByteArray())).ToList();
        for (var i = 0; i < 2_000; i++)
        {
            var (name, original) = originals[random.Next(originals.Count)];
            var bytes = original.ToArray();
            for (var k = random.Next(1, 4); k > 0 && bytes.Length > 0; k--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var schema = ProtoSchema.ParseDescriptor(Convert.ToBase64String(bytes), Corpus.Imports(name), name);
                schema.ToNormalizedText().ShouldNotBeEmpty();
                ProtoSchema.Parse(schema.ToText(), Corpus.Imports(name), name).FirstMessageName.ShouldBe(schema.FirstMessageName);
            }
            catch (ProtoSchemaException)
            {
                // Refused.
            }
        }
    }
}
