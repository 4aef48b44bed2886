using Google.Protobuf;

namespace SchemaStream.Protobuf.Tests.Printing;

/// <summary>A descriptor printed and read again is the same descriptor, for us and for protoc.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Printed_and_parsed_again_each_file_of_the_corpus_is_what_it_was()
    {
        var faults = new List<string>();
        foreach (var name in Corpus.Files(Corpus.Good))
        {
            var schema = Corpus.Parse(name);
            var text = schema.ToText();
            try
            {
                var again = ProtoSchema.Parse(text, Corpus.Imports(name), name);
                if (!again.File.ToByteArray().AsSpan().SequenceEqual(schema.File.ToByteArray()))
                {
                    faults.Add($"{name}\n{text}\nwas:\n{schema.File}\nis:\n{again.File}");
                }

                if (again.ToText() != text)
                {
                    faults.Add($"{name} printed twice:\n{text}\n{again.ToText()}");
                }
            }
            catch (ProtoSchemaException exception)
            {
                faults.Add($"{name}: {exception.Message}\n{text}");
            }
        }

        faults.ShouldBeEmpty(string.Join("\n\n", faults));
    }

    [Fact]
    public void Printed_and_parsed_again_the_well_known_files_are_what_they_were()
    {
        var names = Corpus.Files(Protoc.Include);
        var imports = names.Select(static n => ProtoImport.FromText(n, Corpus.Text(Protoc.Include, n))).ToList();
        foreach (var name in names)
        {
            var others = imports.Where(i => i.Name != name).ToList();
            var schema = ProtoSchema.Parse(Corpus.Text(Protoc.Include, name), others, name);
            ProtoSchema.Parse(schema.ToText(), others, name).File.ToByteArray().ShouldBe(schema.File.ToByteArray(), name);
        }
    }

    [Fact]
    public void Protoc_reads_the_printed_corpus_and_gives_the_same_descriptors() =>
        Judge(static schema => schema.ToText(), static schema => schema.File.ToByteArray());

    [Fact]
    public void Protoc_reads_the_normal_form_of_the_corpus_too() =>
        Judge(
            static schema => schema.ToNormalizedText(),
            static schema => ProtoSchema.Parse(schema.ToNormalizedText(), Corpus.Imports(schema.File.Name), schema.File.Name).File.ToByteArray());

    [Fact]
    public void The_normal_form_is_its_own_normal_form()
    {
        foreach (var name in Corpus.Files(Corpus.Good))
        {
            var text = Corpus.Parse(name).ToNormalizedText();
            ProtoSchema.Parse(text, Corpus.Imports(name), name).ToNormalizedText().ShouldBe(text, name);
        }
    }

    [Fact]
    public void In_base64_and_back_each_file_of_the_corpus_is_what_it_was()
    {
        foreach (var name in Corpus.Files(Corpus.Good))
        {
            var schema = Corpus.Parse(name);
            var again = ProtoSchema.ParseDescriptor(schema.ToBase64(), Corpus.Imports(name), null);
            again.File.ShouldBe(schema.File, name);
            again.ToText().ShouldBe(schema.ToText(), name);
        }
    }

    private static void Judge(Func<ProtoSchema, string> print, Func<ProtoSchema, byte[]> expected)
    {
        var folder = Directory.CreateTempSubdirectory("protoc-").FullName;
        try
        {
            var schemas = Corpus.Files(Corpus.Good).ToDictionary(static name => name, Corpus.Parse);
            foreach (var (name, schema) in schemas)
            {
                var path = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, print(schema));
            }

            var judged = Protoc.Compile(folder, [.. schemas.Keys], out var errors);
            judged.ShouldNotBeNull(errors);
            var faults = judged.File
                .Where(file => schemas.TryGetValue(file.Name, out var schema)
                    && !file.ToByteArray().AsSpan().SequenceEqual(expected(schema)))
                .Select(file => $"{file.Name}\n{print(schemas[file.Name])}\nprotoc: {file}")
                .ToList();
            faults.ShouldBeEmpty(string.Join("\n\n", faults));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
