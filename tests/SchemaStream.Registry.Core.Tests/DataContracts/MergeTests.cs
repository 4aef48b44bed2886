using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Tests.DataContracts;

public sealed class MergeTests
{
    [Fact]
    public void Metadata_LaterKeysWin_AndSensitiveNamesUnite()
    {
        var older = new Metadata([new("a", ["x"]), new("b", ["y"])], [new("p", "1"), new("q", "1")], ["p"]);
        var newer = new Metadata([new("a", ["z"])], [new("q", "2"), new("r", "2")], ["r"]);

        Metadata.Merge(older, newer).ShouldBe(new Metadata(
            [new("a", ["z"]), new("b", ["y"])], [new("p", "1"), new("q", "2"), new("r", "2")], ["p", "r"]));
        Metadata.Merge(null, newer).ShouldBe(newer);
        Metadata.Merge(older, null).ShouldBe(older);
        Metadata.Merge(null, null).ShouldBeNull();
    }

    [Fact]
    public void Metadata_Version_IsPutInAndTakenOut()
    {
        var numbered = Metadata.WithVersion(new Metadata(properties: [new("p", "1")]), 4);

        numbered.Version.ShouldBe(4);
        numbered.Properties["p"].ShouldBe("1");
        Metadata.WithoutVersion(numbered).ShouldBe(new Metadata(properties: [new("p", "1")]));
        new Metadata(properties: [new(Metadata.ConfluentVersion, "four")]).Version.ShouldBeNull();
    }

    [Fact]
    public void RuleSet_ReplacementsGoToTheEndOfTheirCategory()
    {
        var older = new RuleSet
        {
            DomainRules = [Rule("a", "1"), Rule("b", "1")],
            MigrationRules = [Rule("a", "1")],
            EnableAt = RuleEnvironment.Client,
        };
        var newer = new RuleSet { DomainRules = [Rule("a", "2"), Rule("c", "2")] };

        var merged = RuleSet.Merge(older, newer)!;

        merged.DomainRules.ShouldBe([Rule("b", "1"), Rule("a", "2"), Rule("c", "2")]);
        merged.MigrationRules.ShouldBe([Rule("a", "1")], "another category is another rule");
        merged.EnableAt.ShouldBe(RuleEnvironment.Client);
    }

    private static Rule Rule(string name, string expr) => new() { Name = name, Type = "CEL", Expr = expr };
}
