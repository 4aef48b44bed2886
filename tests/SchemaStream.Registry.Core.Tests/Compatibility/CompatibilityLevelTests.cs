using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Compatibility;

public sealed class CompatibilityLevelTests
{
    private readonly TestMachine _machine = new();

    // v1 {id}; v2 {id, note?}; offered schemas add or drop what only one direction allows.
    [Theory]
    [InlineData(CompatibilityLevel.None, true, true)]
    [InlineData(CompatibilityLevel.Backward, false, true)]
    [InlineData(CompatibilityLevel.BackwardTransitive, false, true)]
    [InlineData(CompatibilityLevel.Forward, true, false)]
    [InlineData(CompatibilityLevel.ForwardTransitive, true, false)]
    [InlineData(CompatibilityLevel.Full, false, false)]
    [InlineData(CompatibilityLevel.FullTransitive, false, false)]
    public void Register_AtEveryLevel_LetsInWhatItAllows(CompatibilityLevel level, bool requiredFieldAdded, bool requiredFieldDropped)
    {
        var subject = $"s{level}";
        _machine.SetLevel(level, subject);
        _machine.Register(subject, Schemas.Record("R", Schemas.Required("id"), Schemas.Required("kind")));

        Accepts(subject, Schemas.Record("R", Schemas.Required("id"), Schemas.Required("kind"), Schemas.Required("new")))
            .ShouldBe(requiredFieldAdded);
        Accepts(subject, Schemas.Record("R", Schemas.Required("id"))).ShouldBe(requiredFieldDropped);
    }

    [Theory]
    [InlineData(CompatibilityLevel.Backward, true)]
    [InlineData(CompatibilityLevel.BackwardTransitive, false)]
    public void Register_AgainstAnOldVersion_IsTestedByTransitiveLevelsOnly(CompatibilityLevel level, bool accepted)
    {
        _machine.SetLevel(CompatibilityLevel.None, "s");
        _machine.Register("s", Schemas.Record("R", Schemas.Required("id")));
        _machine.Register("s", Schemas.Record("R", Schemas.Required("id"), Schemas.Required("kind")));
        _machine.SetLevel(level, "s");

        // Readable from version 2, but version 1 lacks the field.
        Accepts("s", Schemas.Record("R", Schemas.Required("kind"))).ShouldBe(accepted);
    }

    [Fact]
    public void Register_AgainstSoftDeletedVersion_IsNotTested()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteVersion(Subject.Parse("s"), VersionSelector.Latest, Deletion.Soft)).ShouldBeOk();

        _machine.Register("s", Schemas.OrderPlacedWithTotal).Version.ShouldBe(2);
    }

    [Fact]
    public void Messages_OfFull_ListOldReadsNewFirst()
    {
        _machine.SetLevel(CompatibilityLevel.Full);
        _machine.Register("s", Schemas.Record("R", Schemas.Required("old")));

        var messages = CompatibilityQuery.AsRegistration(
            _machine.Image, _machine.Rules, Subject.Parse("s"), new SchemaRequest { Text = Schemas.Record("R", Schemas.Required("new")) })
            .ShouldBeOk();

        messages.Count.ShouldBe(5);
        messages[0].ShouldContain("additionalInfo:'old'");
        messages[0].ShouldContain("the old schema's field");
        messages[1].ShouldContain("additionalInfo:'new'");
        messages[1].ShouldContain("the new schema's field");
        messages[2].ShouldBe("{oldSchemaVersion: 1}");
        messages[4].ShouldBe("{validateFields: 'false', compatibility: 'FULL'}");
    }

    [Fact]
    public void Messages_CutALongOldSchema()
    {
        _machine.Register("s", Schemas.Record("R", [.. Enumerable.Range(0, 600).Select(n => Schemas.Required($"field{n}"))]));

        var messages = CompatibilityQuery.AsRegistration(
            _machine.Image, _machine.Rules, Subject.Parse("s"), new SchemaRequest { Text = Schemas.Record("R", Schemas.Required("new")) })
            .ShouldBeOk();

        messages[^2].Length.ShouldBe("{oldSchema: '...'}".Length + 10_240);
    }

    [Fact]
    public void AgainstVersion_TestsThatVersionAlone()
    {
        _machine.SetLevel(CompatibilityLevel.None, "s");
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Register("s", Schemas.OrderPlacedWithTotal);
        _machine.SetLevel(CompatibilityLevel.Backward, "s");
        var offered = new SchemaRequest { Text = Schemas.OrderPlacedWithTotal };

        Against(2, offered).ShouldBeEmpty();
        Against(1, offered).ShouldNotBeEmpty();
    }

    private IReadOnlyList<string> Against(int version, SchemaRequest offered) => CompatibilityQuery.AgainstVersion(
        _machine.Image, _machine.Rules, Subject.Parse("s"), VersionSelector.Of(version), offered).ShouldBeOk();

    private bool Accepts(string subject, string text) => CompatibilityQuery.AsRegistration(
        _machine.Image, _machine.Rules, Subject.Parse(subject), new SchemaRequest { Text = text }).ShouldBeOk().Count == 0;
}
