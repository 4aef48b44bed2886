using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Protobuf.Compatibility;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>What the comparison finds, as a table written from Confluent's rules and the language's: cases/compatibility.json.</summary>
public sealed class CompatibilityCasesTests
{
    private const int FewestCases = 120;

    private static readonly string[] Compatible =
    [
        "MESSAGE_ADDED", "MESSAGE_MOVED", "ENUM_ADDED", "ENUM_REMOVED", "ENUM_CONST_ADDED", "ENUM_CONST_CHANGED",
        "ENUM_CONST_REMOVED", "FIELD_ADDED", "FIELD_REMOVED", "FIELD_NAME_CHANGED", "FIELD_STRING_OR_BYTES_LABEL_CHANGED",
        "ONEOF_ADDED", "ONEOF_REMOVED", "ONEOF_FIELD_ADDED", "ONEOF_FIELD_MOVED_TO_TOP_LEVEL",
    ];

    private static readonly string[] Incompatible =
    [
        "PACKAGE_CHANGED", "MESSAGE_REMOVED", "FIELD_KIND_CHANGED", "FIELD_SCALAR_KIND_CHANGED", "FIELD_NAMED_TYPE_CHANGED",
        "FIELD_NUMERIC_LABEL_CHANGED", "REQUIRED_FIELD_ADDED", "REQUIRED_FIELD_REMOVED", "ONEOF_FIELD_REMOVED",
        "MULTIPLE_FIELDS_MOVED_TO_ONEOF", "FIELD_MOVED_TO_EXISTING_ONEOF",
    ];

    private static readonly Dictionary<string, JsonNode> Cases = JsonSerializer.Deserialize<List<JsonNode>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "compatibility.json")))!.ToDictionary(NameOf);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_IsFoundAsTheTableSays(string name)
    {
        var entry = Cases[name];
        var original = Parse(entry, "old");
        var update = Parse(entry, "new");
        var expected = Differences(entry);

        ProtobufCompatibility.Compare(original, update).Select(found => $"{found.Kind} {found.Path}")
            .ShouldBe(expected, ignoreOrder: true);
        ProtobufCompatibility.Check(update, original).Select(found => $"{found.Kind} {found.Path}")
            .ShouldBe(expected.Where(difference => Incompatible.Contains(difference.Split(' ')[0])), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_ComparedWithItself_DiffersInNothing(string name)
    {
        ProtobufCompatibility.Compare(Parse(Cases[name], "old"), Parse(Cases[name], "old")).ShouldBeEmpty();
        ProtobufCompatibility.Compare(Parse(Cases[name], "new"), Parse(Cases[name], "new")).ShouldBeEmpty();
    }

    [Fact]
    public void AnyTwoFilesOfTheCorpus_CanBeCompared()
    {
        var files = Corpus.Files(Corpus.Good).Select(Corpus.Parse).ToArray();
        foreach (var original in files)
        {
            ProtobufCompatibility.Compare(original, original).ShouldBeEmpty();
            files.ShouldAllBe(update => ReferenceEquals(original, update) || ProtobufCompatibility.Compare(original, update).All(static d => d.Path.StartsWith("#/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Table_HasNoCaseTwice_AndEveryKind()
    {
        Cases.Count.ShouldBeGreaterThanOrEqualTo(FewestCases);
        Cases.Values.Select(entry => string.Join('|', entry["old"], entry["new"], entry["oldImports"]?.ToJsonString(), entry["newImports"]?.ToJsonString()))
            .ShouldBeUnique();
        Cases.Values.SelectMany(Differences).Select(static difference => difference.Split(' ')[0]).Distinct()
            .ShouldBe(Compatible.Concat(Incompatible), ignoreOrder: true);
    }

    [Fact]
    public void Kinds_AreCompatibleAsConfluentHasThem()
    {
        Compatible.ShouldAllBe(kind => DifferenceKinds.IsCompatible(kind));
        Incompatible.ShouldAllBe(kind => !DifferenceKinds.IsCompatible(kind));
    }

    private static string NameOf(JsonNode entry) => entry["name"]!.GetValue<string>();

    private static IReadOnlyList<string> Differences(JsonNode entry) =>
        [.. entry["differences"]!.AsArray().Select(static difference => difference!.GetValue<string>())];

    private static ProtoSchema Parse(JsonNode entry, string side)
    {
        var text = entry[side]!.GetValue<string>();
        var imports = entry[side + "Imports"]?.AsObject()
            .Select(static import => ProtoImport.FromText(import.Key, import.Value!.GetValue<string>())).ToArray();
        return ProtoSchema.Parse(text.StartsWith("syntax", StringComparison.Ordinal) ? text : "syntax = \"proto3\"; " + text, imports);
    }
}
