using SchemaStream.Json.Compatibility;

namespace SchemaStream.Json.Tests.Compatibility;

public sealed class CompatibilityCasesTests
{
    private static readonly IReadOnlyList<CompatibilityCase> All = CompatibilityCase.ReadAll();

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var row in All)
            {
                names.Add(row.File, row.Name);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Differences_AreThoseOfTheCase(string file, string name)
    {
        var row = All.Single(row => row.File == file && row.Name == name);
        var (old, now) = (JsonSchema.Parse(row.Old), JsonSchema.Parse(row.New));

        var found = JsonCompatibility.Differences(old, now);

        found.Where(change => !change.IsCompatible).Select(change => $"{change.Kind} {change.Path}")
            .ShouldBe(row.Violations, ignoreOrder: true);
        found.Where(change => change.IsCompatible).Select(change => $"{change.Kind} {change.Path}")
            .ShouldBe(row.Harmless, ignoreOrder: true);
        JsonCompatibility.Check(now, old).Select(violation => $"{violation.Kind} {violation.Path}")
            .ShouldBe(row.Violations, ignoreOrder: true);
        if (row.Lenient is { } lenient)
        {
            (JsonCompatibility.Check(now, old, JsonCompatibilityPolicy.Lenient).Count == 0).ShouldBe(lenient);
        }
        else if (row.Violations.Length == 0)
        {
            JsonCompatibility.Check(now, old, JsonCompatibilityPolicy.Lenient).ShouldBeEmpty();
        }
    }

    [Fact]
    public void EverySchemaOfACase_IsCompatibleWithItself()
    {
        foreach (var text in All.SelectMany(row => new[] { row.Old, row.New }).Distinct())
        {
            JsonCompatibility.Check(JsonSchema.Parse(text), JsonSchema.Parse(text)).ShouldBeEmpty(text);
        }
    }

    [Fact]
    public void Cases_AreManyAndEachIsThereOnce()
    {
        All.Count.ShouldBeGreaterThanOrEqualTo(200);
        All.Select(row => row.ToString()).ShouldBeUnique();

        // The same pair under another name would only make the number look better.
        All.Select(row => $"{row.Old} → {row.New}").ShouldBeUnique();
    }

    [Fact]
    public void Cases_ShowEveryKindThatAComparisonCanFind()
    {
        var shown = All.SelectMany(row => row.Harmless.Concat(row.Violations)).Select(text => text.Split(' ')[0]).ToHashSet();

        Kinds.All.Except(shown).ShouldBeEmpty();
        shown.Except(Kinds.All).ShouldBeEmpty();
    }

    [Fact]
    public void Violations_HaveASentenceWithTheirPlace()
    {
        foreach (var row in All.Where(row => row.Violations.Length > 0))
        {
            foreach (var violation in JsonCompatibility.Check(JsonSchema.Parse(row.New), JsonSchema.Parse(row.Old)))
            {
                violation.Message.ShouldStartWith("The ");
                violation.Message.ShouldContain("the writer");
                violation.Message.ShouldEndWith($"(path '{violation.Path}')");
            }
        }
    }
}
