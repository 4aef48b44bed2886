using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests.State;

/// <summary>Which configuration holds where.</summary>
public sealed class InForceTests
{
    private readonly TestMachine _machine = new(new RegistrySettings { DefaultCompatibility = CompatibilityLevel.Forward });

    [Fact]
    public void Config_OfItsOwn_TakesFlagsFromTheGlobalOneAndItsLevelFromTheServer()
    {
        Set(null, new SubjectConfigUpdate
        {
            CompatibilityLevel = new(true, CompatibilityLevel.None),
            Normalize = new(true, true),
            ValidateFields = new(true, true),
            CompatibilityPolicy = new(true, CompatibilityPolicy.Lenient),
            CompatibilityGroup = new(true, "major"),
            DefaultMetadata = new(true, new Metadata(properties: [new("a", "1")])),
            Alias = new(true, "elsewhere"),
        });
        Set("s", new SubjectConfigUpdate { Normalize = new(true, false) });

        var config = InForce("s");

        config.CompatibilityLevel.ShouldBe(CompatibilityLevel.Forward, "the server's default, not the global one");
        (config.Normalize, config.ValidateFields).ShouldBe((false, true));
        (config.CompatibilityPolicy, config.CompatibilityGroup).ShouldBe((CompatibilityPolicy.Lenient, "major"));
        (config.DefaultMetadata, config.Alias).ShouldBe((null, null), "these are nobody's but the scope's that has them");
        InForce("other").ShouldBe(_machine.Image.GlobalConfig, "whoever has none of its own has the global one whole");
    }

    [Fact]
    public void Config_OfAContext_HoldsForItsSubjects_ElseEveryones_ElseTheServers()
    {
        Set(null, new SubjectConfigUpdate { CompatibilityLevel = new(true, CompatibilityLevel.None) });
        InForce(":.dev:s").CompatibilityLevel.ShouldBe(CompatibilityLevel.Forward, "the global one is the default context's");
        Set(":.__GLOBAL:", new SubjectConfigUpdate { CompatibilityLevel = new(true, CompatibilityLevel.Full) });
        InForce(":.dev:s").CompatibilityLevel.ShouldBe(CompatibilityLevel.Full);
        Set(":.dev:", new SubjectConfigUpdate { CompatibilityLevel = new(true, CompatibilityLevel.Backward) });

        InForce(":.dev:s").CompatibilityLevel.ShouldBe(CompatibilityLevel.Backward);
        InForce("s").CompatibilityLevel.ShouldBe(CompatibilityLevel.None);
    }

    [Fact]
    public void Update_ChangesWhatIsNamed_ClearsWhatIsNull()
    {
        Set("s", new SubjectConfigUpdate { Normalize = new(true, true), CompatibilityGroup = new(true, "major") });

        Set("s", new SubjectConfigUpdate { CompatibilityGroup = new(true, null), ValidateRules = new(true, false) });

        _machine.Image.Subject(Subject.Parse("s")).Config
            .ShouldBe(new SubjectConfig { Normalize = true, ValidateRules = false });
    }

    [Fact]
    public void Update_BadRules_IsRefused()
    {
        var bad = new RuleSet { DomainRules = [new Rule { Name = "a" }] };

        foreach (var update in new[]
        {
            new SubjectConfigUpdate { DefaultRuleSet = new(true, bad) },
            new SubjectConfigUpdate { OverrideRuleSet = new(true, bad) },
        })
        {
            _machine.Submit(new UpdateConfig(null, update)).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidRuleSet);
        }
    }

    private SubjectConfig InForce(string subject) =>
        _machine.Image.ConfigInForce(Subject.Parse(subject), _machine.Rules.Settings);

    private void Set(string? subject, SubjectConfigUpdate update) =>
        _machine.Submit(new UpdateConfig(subject is null ? null : Subject.Parse(subject), update)).ShouldBeOk();
}
