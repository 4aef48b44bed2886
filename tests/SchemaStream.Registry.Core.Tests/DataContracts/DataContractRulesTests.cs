using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Tests.DataContracts;

public sealed class DataContractRulesTests
{
    public static TheoryData<string, Rule, string?> OneDomainRule() => new()
    {
        { "legal", new Rule { Name = "_Check-1", Type = "CEL" }, null },
        { "no name", new Rule { Type = "CEL" }, "name is missing" },
        { "empty name", new Rule { Name = "", Type = "CEL" }, "name is missing" },
        { "long name", new Rule { Name = new string('n', 257), Type = "CEL" }, "longer than 256" },
        { "name begins with a digit", new Rule { Name = "1a", Type = "CEL" }, "begins with a letter" },
        { "name with a blank", new Rule { Name = "a b", Type = "CEL" }, "begins with a letter" },
        { "no type", new Rule { Name = "a" }, "type is missing" },
        { "mode of migrations", new Rule { Name = "a", Type = "CEL", Mode = RuleMode.UpDown }, "WRITE, READ or WRITEREAD" },
        { "two actions both ways", new Rule { Name = "a", Type = "CEL", OnFailure = "DLQ,NONE" }, null },
        { "two actions one way", new Rule { Name = "a", Type = "CEL", Mode = RuleMode.Read, OnFailure = "DLQ,NONE" }, "two actions" },
    };

    [Theory]
    [MemberData(nameof(OneDomainRule))]
    public void Check_OfADomainRule_SaysWhatIsWrong(string story, Rule rule, string? reason)
    {
        var error = DataContractRules.Check(new RuleSet { DomainRules = [rule] });

        (error is null).ShouldBe(reason is null, story);
        if (reason is not null)
        {
            error!.Code.ShouldBe(ErrorCodes.InvalidRuleSet);
            error.Message.ShouldContain(reason);
        }
    }

    [Fact]
    public void Check_Names_AreUniqueAcrossCategories()
    {
        var rule = new Rule { Name = "a", Type = "CEL" };

        DataContractRules.Check(new RuleSet { DomainRules = [rule], EncodingRules = [rule] })!.Message.ShouldContain("same name");
    }

    [Fact]
    public void Check_MigrationRules_HaveModesOfMigrations()
    {
        DataContractRules.Check(new RuleSet { MigrationRules = [new Rule { Name = "a", Type = "JSONATA" }] })!
            .Message.ShouldContain("UPGRADE, DOWNGRADE or UPDOWN");
        DataContractRules.Check(new RuleSet { MigrationRules = [new Rule { Name = "a", Type = "JSONATA", Mode = RuleMode.Downgrade }] })
            .ShouldBeNull();
    }

    [Fact]
    public void Check_MoreThanIsTaken_IsTooLarge()
    {
        var settings = new RegistrySettings { LargestSchemaLength = 100 };

        DataContractRules.Check(settings, new Metadata(properties: [new("k", new string('v', 100))]), null)!
            .Code.ShouldBe(ErrorCodes.SchemaTooLarge);
        DataContractRules.Check(settings, new Metadata(properties: [new("k", new string('v', 99))]), null).ShouldBeNull();
    }
}
