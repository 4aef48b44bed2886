using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests.Commands;

public sealed class ModeTests
{
    private readonly TestMachine _machine = new();

    [Fact]
    public void InForce_OwnBeforeContextBeforeGlobal()
    {
        var (own, other) = (Subject.Parse("own"), Subject.Parse("other"));
        var elsewhere = Subject.Parse(":.dev:s");
        Set(null, RegistryMode.ReadOnly);
        Set("own", RegistryMode.ReadWrite);
        Set(":.dev:", RegistryMode.Import);

        _machine.Image.ModeInForce(own).ShouldBe(RegistryMode.ReadWrite);
        _machine.Image.ModeInForce(other).ShouldBe(RegistryMode.ReadOnly);
        _machine.Image.ModeInForce(elsewhere).ShouldBe(RegistryMode.Import);
        _machine.Image.ModeInForce(Subject.Parse(":.prod:s")).ShouldBe(
            RegistryMode.ReadWrite, "the global mode is the default context's alone");
    }

    [Fact]
    public void Set_ImportWhereSchemasLive_IsRefused()
    {
        _machine.Register("s", Schemas.OrderPlaced);

        _machine.Submit(new SetMode(null, RegistryMode.Import)).ShouldBeRefused().Code.ShouldBe(ErrorCodes.OperationNotPermitted);
        _machine.Submit(new SetMode(null, RegistryMode.Import, ModeChange.Forced)).ShouldBeOk();
    }

    [Fact]
    public void Set_ImportWhereSchemasAreSoftDeleted_ClearsThem()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteSubject(Subject.Parse("s"), Deletion.Soft)).ShouldBeOk();

        Set("s", RegistryMode.Import);

        _machine.Versions("s", Visibility.Deleted).ShouldBeEmpty();
        SchemaLookup.ById(_machine.Image, null, 1).ShouldBeRefused().Code.ShouldBe(ErrorCodes.SchemaNotFound);
    }

    [Fact]
    public void Set_Forward_IsForEveryoneOnly()
    {
        _machine.Submit(new SetMode(Subject.Parse("s"), RegistryMode.Forward)).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidMode);
        _machine.Submit(new SetMode(Subject.Parse(":.__GLOBAL:"), RegistryMode.Forward)).ShouldBeOk();
    }

    [Fact]
    public void Set_WhenImmutable_IsRefused() =>
        new TestMachine(new RegistrySettings { ModeMutability = ModeMutability.Immutable })
            .Submit(new SetMode(null, RegistryMode.ReadOnly)).ShouldBeRefused().Code.ShouldBe(ErrorCodes.OperationNotPermitted);

    [Fact]
    public void Delete_Recursively_ForgetsEverySubjectsMode()
    {
        Set("a", RegistryMode.ReadOnly);
        Set("b", RegistryMode.ReadOnly);

        Set(":.c:a", RegistryMode.ReadOnly);

        _machine.Submit(new DeleteMode(null, Reach.Below)).ShouldBeOk().Mode.ShouldBe(RegistryMode.ReadWrite);

        _machine.Image.ModeInForce(Subject.Parse("a")).ShouldBe(RegistryMode.ReadWrite);
        _machine.Image.ModeInForce(Subject.Parse(":.c:a")).ShouldBe(RegistryMode.ReadOnly, "another context is not below");
    }

    [Fact]
    public void Import_Again_WritesNothing()
    {
        Set("s", RegistryMode.Import);
        var request = new SchemaRequest { Text = Schemas.OrderPlaced, Id = 40, Version = 7 };
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), request)).ShouldBeOk();
        var written = _machine.Log.Count;

        _machine.Submit(new RegisterSchema(Subject.Parse("s"), request)).ShouldBeOk().Version.ShouldBe(7);
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), request with { Version = 0 })).ShouldBeOk().Version.ShouldBe(7);

        _machine.Log.Count.ShouldBe(written);
    }

    [Theory]
    [InlineData(int.MaxValue, 1, "t")]
    [InlineData(1, int.MaxValue, "s")]
    public void Import_OfTheLargestNumberThereIs_LeavesNoneToGiveOut(int id, int version, string next)
    {
        Set("s", RegistryMode.Import);
        _machine.Submit(new RegisterSchema(
            Subject.Parse("s"), new SchemaRequest { Text = Schemas.OrderPlaced, Id = id, Version = version })).ShouldBeOk();
        var other = new SchemaRequest { Text = "\"int\"" };

        Set("s", RegistryMode.ReadWrite);

        _machine.Submit(new RegisterSchema(Subject.Parse(next), other, Admission.Forced))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.OperationNotPermitted);
    }

    [Fact]
    public void Import_KeepsIdsVersionsAndText()
    {
        Set("s", RegistryMode.Import);
        var unprinted = Schemas.OrderPlaced.Replace(",", ", ");

        var imported = _machine.Submit(new RegisterSchema(
            Subject.Parse("s"), new SchemaRequest { Text = unprinted, Id = 40, Version = 7 })).ShouldBeOk();

        (imported.Schema.Id, imported.Version, imported.Schema.Text).ShouldBe((40, 7, unprinted));
        Set("s", RegistryMode.ReadWrite);
        _machine.Register("s", Schemas.OrderPlacedWithNote).ShouldSatisfyAllConditions(
            next => next.Schema.Id.ShouldBe(41),
            next => next.Version.ShouldBe(8));
    }

    private void Set(string? subject, RegistryMode mode) =>
        _machine.Submit(new SetMode(subject is null ? null : Subject.Parse(subject), mode)).ShouldBeOk();
}
