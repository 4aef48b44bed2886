using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Compatibility;

/// <summary>What the check finds, as a table written from the specification: cases/compatibility.json.</summary>
public sealed class CompatibilityCasesTests
{
    private const int FewestCases = 150;

    private static readonly List<JsonNode> Cases = JsonSerializer.Deserialize<List<JsonNode>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "compatibility.json")))!;

    public static TheoryData<string> Names() => [.. Cases.Select(NameOf)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_IsFoundAsTheTableSays(string name)
    {
        var entry = Cases.Single(entry => NameOf(entry) == name);

        var found = AvroCompatibility.Check(Parse(entry["reader"]!), Parse(entry["writer"]!));

        found.Select(violation => $"{violation.Kind} {violation.Path}")
            .ShouldBe(entry["violations"]!.AsArray().Select(expected => expected!.GetValue<string>()), ignoreOrder: true);
    }

    [Fact]
    public void Table_HasNoCaseTwice_AndEveryKind()
    {
        Cases.Count.ShouldBeGreaterThanOrEqualTo(FewestCases);
        Cases.Select(NameOf).ShouldBeUnique();
        Cases.Select(entry => $"{entry["reader"]!.ToJsonString()} {entry["writer"]!.ToJsonString()}").ShouldBeUnique();
        Cases.SelectMany(entry => entry["violations"]!.AsArray().Select(expected => expected!.GetValue<string>().Split(' ')[0])).Distinct()
            .ShouldBe(
                [
                    CompatibilityKinds.TypeMismatch, CompatibilityKinds.NameMismatch, CompatibilityKinds.FixedSizeMismatch,
                    CompatibilityKinds.MissingEnumSymbols, CompatibilityKinds.MissingUnionBranch, CompatibilityKinds.ReaderFieldMissingDefaultValue,
                ],
                ignoreOrder: true);
    }

    private static string NameOf(JsonNode entry) => entry["name"]!.GetValue<string>();

    private static AvroSchema Parse(JsonNode schema) => AvroSchema.Parse(schema.ToJsonString());
}
