using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaStream.Protobuf.Tests.Parsing;

/// <summary>Files that protoc refuses: we refuse them too, and at the same place.</summary>
public sealed partial class ProtocRefusalTests
{
    // protoc names the statement after these, or the beginning of the file; we name the declaration that is at fault.
    private static readonly HashSet<string> PlacedBetter =
        ["enums/alias_allowed_but_none.proto", "enums/alias_false.proto", "options/features_in_proto3.proto"];

    [Fact]
    public void The_corpus_has_sixty_wrong_files_and_more() =>
        Corpus.Files(Corpus.Bad).Count.ShouldBeGreaterThanOrEqualTo(60);

    [Fact]
    public void What_protoc_refuses_is_refused_with_line_and_column()
    {
        var others = Corpus.Files(Corpus.Bad).Select(static n => ProtoImport.FromText(n, Corpus.Text(Corpus.Bad, n))).ToList();
        var accepted = new List<string>();
        var elsewhere = new List<string>();
        foreach (var name in Corpus.Files(Corpus.Bad))
        {
            var imports = others.Concat(Corpus.Imports(name)).Where(i => i.Name != name).DistinctBy(static i => i.Name).ToList();
            Protoc.Compile(Corpus.Bad, [name], out var errors, Corpus.Good).ShouldBeNull(name);
            try
            {
                ProtoSchema.Parse(Corpus.Text(Corpus.Bad, name), imports, name);
                accepted.Add($"{name}: {errors}");
            }
            catch (ProtoSchemaException exception)
            {
                exception.Line.ShouldBeGreaterThan(0, name);
                exception.Column.ShouldBeGreaterThan(0, name);
                var lines = Place().Matches(errors).Select(static m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
                    .ToList();
                var isPlaced = Place().IsMatch(errors.Split('\n')[0]);
                if (isPlaced && !PlacedBetter.Contains(name) && !lines.Contains(exception.Line))
                {
                    elsewhere.Add($"{name}: ours {exception.Message}\n   protoc: {errors}");
                }
            }
        }

        accepted.ShouldBeEmpty(string.Join('\n', accepted));
        elsewhere.ShouldBeEmpty(string.Join('\n', elsewhere));
    }

    [GeneratedRegex(@"\.proto:(\d+):\d+: ")]
    private static partial Regex Place();
}
