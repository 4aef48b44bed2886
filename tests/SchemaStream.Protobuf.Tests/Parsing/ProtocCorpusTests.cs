using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests.Parsing;

/// <summary>Files that protoc takes: both give the same descriptor.</summary>
public sealed class ProtocCorpusTests
{
    [Fact]
    public void The_corpus_has_a_hundred_files_and_more() => Corpus.Files(Corpus.Good).Count.ShouldBeGreaterThanOrEqualTo(100);

    [Fact]
    public void Each_file_gives_the_descriptor_that_protoc_gives()
    {
        var names = Corpus.Files(Corpus.Good);
        var expected = Protoc.Compile(Corpus.Good, names, out var errors);
        expected.ShouldNotBeNull(errors);
        var byName = expected.File.ToDictionary(static f => f.Name);
        var faults = new List<string>();
        foreach (var name in names)
        {
            Compare(name, () => Corpus.Parse(name).File, byName[name], faults);
        }

        faults.ShouldBeEmpty(string.Join("\n\n", faults));
    }

    [Fact]
    public void Protocs_own_well_known_files_give_the_descriptor_that_protoc_gives()
    {
        var names = Corpus.Files(Protoc.Include);
        names.Count.ShouldBeGreaterThanOrEqualTo(11);
        var expected = Protoc.Compile(Protoc.Include, names, out var errors);
        expected.ShouldNotBeNull(errors);
        var imports = names.Select(static n => ProtoImport.FromText(n, Corpus.Text(Protoc.Include, n))).ToList();
        var faults = new List<string>();
        foreach (var file in expected.File)
        {
            var text = Corpus.Text(Protoc.Include, file.Name);
            var others = imports.Where(i => i.Name != file.Name).ToList();
            Compare(file.Name, () => ProtoSchema.Parse(text, others, file.Name).File, file, faults);
        }

        faults.ShouldBeEmpty(string.Join("\n\n", faults));
    }

    private static void Compare(string name, Func<FileDescriptorProto> parse, FileDescriptorProto expected, List<string> faults)
    {
        try
        {
            var ours = parse();
            if (!ours.Equals(expected) || !ours.ToByteArray().AsSpan().SequenceEqual(expected.ToByteArray()))
            {
                faults.Add($"{name}\nours:\n{ours}\nprotoc:\n{expected}");
            }
        }
        catch (ProtoSchemaException exception)
        {
            faults.Add($"{name}: {exception.Message}");
        }
    }
}
