using Google.Protobuf;

namespace SchemaStream.Protobuf.Tests.WellKnown;

/// <summary>The files that need not be given.</summary>
public sealed class BuiltInFilesTests
{
    private const string Prefix = "well-known/";

    [Theory]
    [InlineData("google/protobuf/any.proto")]
    [InlineData("google/protobuf/api.proto")]
    [InlineData("google/protobuf/descriptor.proto")]
    [InlineData("google/protobuf/duration.proto")]
    [InlineData("google/protobuf/empty.proto")]
    [InlineData("google/protobuf/field_mask.proto")]
    [InlineData("google/protobuf/source_context.proto")]
    [InlineData("google/protobuf/struct.proto")]
    [InlineData("google/protobuf/timestamp.proto")]
    [InlineData("google/protobuf/type.proto")]
    [InlineData("google/protobuf/wrappers.proto")]
    [InlineData("google/type/date.proto")]
    [InlineData("google/type/money.proto")]
    [InlineData("confluent/meta.proto")]
    [InlineData("confluent/type/decimal.proto")]
    public void Is_imported_without_being_given(string name)
    {
        var schema = ProtoSchema.Parse($"syntax = \"proto3\"; import \"{name}\"; message A {{}}");
        schema.Dependencies[^1].Name.ShouldBe(name);
    }

    [Fact]
    public void Those_written_down_here_give_protocs_descriptors()
    {
        var folder = Directory.CreateTempSubdirectory("well-known-").FullName;
        try
        {
            var names = new List<string>();
            var assembly = typeof(ProtoSchema).Assembly;
            foreach (var resource in assembly.GetManifestResourceNames().Where(static r => r.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                var name = resource[Prefix.Length..];
                names.Add(name);
                var path = Path.Combine(folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var file = File.Create(path);
                assembly.GetManifestResourceStream(resource)!.CopyTo(file);
            }

            names.Count.ShouldBeGreaterThanOrEqualTo(20);
            var judged = Protoc.Compile(folder, names, out var errors);
            judged.ShouldNotBeNull(errors);
            foreach (var file in judged.File.Where(f => names.Contains(f.Name)))
            {
                var ours = ProtoSchema.Parse($"syntax = \"proto3\"; import \"{file.Name}\";").Dependencies[^1];
                ours.ToByteArray().ShouldBe(file.ToByteArray(), file.Name);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void An_import_given_under_a_built_in_name_is_the_one_that_counts()
    {
        var own = ProtoImport.FromText("google/type/date.proto", "syntax = \"proto3\"; package google.type; message Date { string text = 1; }");
        var schema = ProtoSchema.Parse(
            "syntax = \"proto3\"; import \"google/type/date.proto\"; message A { google.type.Date d = 1; }", [own]);
        schema.Dependencies.Single().MessageType[0].Field[0].Name.ShouldBe("text");
    }
}
