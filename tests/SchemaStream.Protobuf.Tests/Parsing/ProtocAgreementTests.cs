using System.Text;
using Google.Protobuf;
using SchemaStream.Protobuf.Tests.Limits;

namespace SchemaStream.Protobuf.Tests.Parsing;

/// <summary>Files of the corpus, damaged at random: protoc and we take and refuse the same ones.</summary>
public sealed class ProtocAgreementTests
{
    [Theory]
    [InlineData(11, 250)]
    public void On_damaged_files_protoc_agrees(int seed, int count) => Agree(seed, count);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(12, 5_000)]
    [InlineData(13, 5_000)]
    public void On_many_damaged_files_protoc_agrees(int seed, int count) => Agree(seed, count);

    private static void Agree(int seed, int count)
    {
        var random = new Random(seed);
        var names = Corpus.Files(Corpus.Good).Where(static n => n != "fields/many.proto").ToList();
        var folder = Directory.CreateTempSubdirectory("damaged-").FullName;
        var faults = new List<string>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var name = names[random.Next(names.Count)];
                var text = Damage.Of(Corpus.Text(Corpus.Good, name), random);
                var file = Path.Combine(folder, "damaged.proto");
                File.WriteAllText(file, text, new UTF8Encoding(false));
                var expected = Protoc.Compile(folder, ["damaged.proto"], out var errors, Corpus.Good);
                var fault = Compare(text, expected?.File.Single(static f => f.Name == "damaged.proto").ToByteArray(), errors);
                if (fault is not null)
                {
                    faults.Add($"{name}: {fault}\n{text}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        faults.ShouldBeEmpty(string.Join("\n=====\n", faults));
    }

    private static string? Compare(string text, byte[]? expected, string errors)
    {
        try
        {
            var ours = ProtoSchema.Parse(text, Corpus.Imports("damaged.proto"), "damaged.proto").File.ToByteArray();
            return expected is null ? $"protoc refuses: {errors}"
                : ours.AsSpan().SequenceEqual(expected) ? null
                : "the descriptors differ";
        }
        catch (ProtoSchemaException exception) when (exception.Message.Contains("not valid UTF-8", StringComparison.Ordinal))
        {
            // The one deliberate difference: protoc puts such bytes into a string of its descriptor, .NET has no such string.
            return null;
        }
        catch (ProtoSchemaException exception)
        {
            return expected is null ? null : $"protoc takes what we refuse: {exception.Message}";
        }
    }
}
