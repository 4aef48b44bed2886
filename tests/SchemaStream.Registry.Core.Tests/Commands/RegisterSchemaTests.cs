using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Commands;

public sealed class RegisterSchemaTests
{
    private readonly TestMachine _machine = new();

    [Fact]
    public void Register_NewContent_TakesNextIdAndVersion()
    {
        _machine.Register("orders-value", Schemas.OrderPlaced).Schema.Id.ShouldBe(1);
        var second = _machine.Register("orders-value", Schemas.OrderPlacedWithNote);

        second.Schema.Id.ShouldBe(2);
        second.Version.ShouldBe(2);
        _machine.Versions("orders-value").ShouldBe([1, 2]);
    }

    [Fact]
    public void Register_KnownContent_WritesNothing()
    {
        _machine.Register("orders-value", Schemas.OrderPlaced);
        var written = _machine.Log.Count;

        _machine.Register("orders-value", Schemas.OrderPlaced.Replace(":", " : ")).Version.ShouldBe(1);

        _machine.Log.Count.ShouldBe(written);
    }

    [Fact]
    public void Register_InAnotherContext_CountsItsOwnIds()
    {
        _machine.Register("orders-value", Schemas.OrderPlaced);

        _machine.Register(":.dev:orders-value", Schemas.OrderCancelled).Schema.Id.ShouldBe(1);
        _machine.Register(":.dev:orders-value2", Schemas.OrderPlaced).Schema.Id.ShouldBe(2);
    }

    [Fact]
    public void Register_AfterPermanentDeletion_TakesANewId()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteSubject(Subject.Parse("s"), Deletion.Soft)).ShouldBeOk();
        _machine.Submit(new DeleteSubject(Subject.Parse("s"), Deletion.Permanent)).ShouldBeOk();

        _machine.Register("s", Schemas.OrderPlaced).Schema.Id.ShouldBe(2);
    }

    [Fact]
    public void Register_SoftDeletedContent_KeepsItsIdAndTakesANewNumber()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteSubject(Subject.Parse("s"), Deletion.Soft)).ShouldBeOk();

        var again = _machine.Register("s", Schemas.OrderPlaced);

        again.Schema.Id.ShouldBe(1);
        again.Version.ShouldBe(2);
        _machine.Versions("s", Visibility.Deleted).ShouldBe([2], "the soft-deleted record is gone");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(5, false)]
    public void Register_WithAVersion_DemandsTheNext(int version, bool accepted)
    {
        _machine.Register("s", Schemas.OrderPlaced);

        var outcome = _machine.Submit(new RegisterSchema(
            Subject.Parse("s"), new SchemaRequest { Text = Schemas.OrderPlacedWithNote, Version = version }));

        outcome.Error?.Code.ShouldBe(ErrorCodes.InvalidSchema);
        (outcome.Error is null).ShouldBe(accepted);
    }

    [Fact]
    public void Register_WithAnIdInReadWrite_IsRefused() =>
        _machine.Submit(new RegisterSchema(Subject.Parse("s"), new SchemaRequest { Text = Schemas.OrderPlaced, Id = 9 }))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.OperationNotPermitted);

    [Fact]
    public void Register_EmptyText_MeansTheLatest()
    {
        _machine.Refused("s", "").Code.ShouldBe(ErrorCodes.InvalidSchema);
        _machine.Register("s", Schemas.OrderPlaced);

        _machine.Register("s", "").Version.ShouldBe(1);
    }

    [Fact]
    public void Register_ReferenceToLatest_IsFixedToItsNumber()
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));

        var order = _machine.Register(
            "order", Schemas.Record("Order", Schemas.Required("by", "Customer")), new SchemaReference("com.acme.Customer", "customer", -1));

        order.Schema.References.ShouldBe([new SchemaReference("com.acme.Customer", "customer", 1)]);
        order.Schema.Text.ShouldNotContain("\"name\":\"Customer\"", Case.Sensitive, "referenced types are named, not repeated");
        Listing.ReferencedBy(_machine.Image, Subject.Parse("customer"), VersionSelector.Latest, Visibility.Live)
            .ShouldBeOk().ShouldBe([order.Schema.Id]);
    }

    [Fact]
    public void Register_ReferencesThroughReferences_AreAllResolved()
    {
        _machine.Register("money", Schemas.Record("Money", Schemas.Required("amount", "long")));
        _machine.Register(
            "line", Schemas.Record("Line", Schemas.Required("price", "Money")), new SchemaReference("com.acme.Money", "money", 1));

        _machine.Register(
            "order", Schemas.Record("Order", Schemas.Required("line", "Line")), new SchemaReference("com.acme.Line", "line", 1));
    }

    [Theory]
    [InlineData("", "customer", 1)]
    [InlineData("n", "", 1)]
    [InlineData("n", "customer", 0)]
    [InlineData("n", "customer", 2)]
    [InlineData("n", "nobody", 1)]
    public void Register_BadReference_IsRefused(string name, string subject, int version)
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));

        _machine.Refused("order", Schemas.OrderPlaced, new SchemaReference(name, subject, version))
            .Code.ShouldBe(ErrorCodes.InvalidSchema);
    }

    [Fact]
    public void Register_ReferenceToSoftDeleted_IsRefused()
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));
        _machine.Submit(new DeleteVersion(Subject.Parse("customer"), VersionSelector.Latest, Deletion.Soft)).ShouldBeOk();

        _machine.Refused("order", Schemas.OrderPlaced, new SchemaReference("com.acme.Customer", "customer", 1))
            .Code.ShouldBe(ErrorCodes.InvalidSchema);
    }

    [Fact]
    public void Register_TooManyReferences_IsRefused()
    {
        var machine = new TestMachine(new RegistrySettings { MostReferences = 2 });
        machine.Register("a", Schemas.Record("A"));
        SchemaReference[] three = [.. Enumerable.Range(0, 3).Select(n => new SchemaReference($"com.acme.A{n}", "a", 1))];

        machine.Refused("b", Schemas.Record("B"), three).Message.ShouldContain("at most 2");
    }

    [Fact]
    public void Restart_GivesTheSameImage()
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));
        _machine.Register("order", Schemas.Record("Order", Schemas.Required("by", "Customer")), new SchemaReference("com.acme.Customer", "customer", -1));
        _machine.SetLevel(CompatibilityLevel.None, "order");
        _machine.Submit(new SetMode(Subject.Parse("x"), RegistryMode.ReadOnly)).ShouldBeOk();
        _machine.Submit(new DeleteSubject(Subject.Parse("order"), Deletion.Soft)).ShouldBeOk();
        _machine.Bind("t", new SlotContract(SchemaFormat.Uuid), null);

        var restarted = _machine.Restarted();

        restarted.Subjects.Keys.Order().ShouldBe(_machine.Image.Subjects.Keys.Order());
        restarted.Contexts["."].MaxId.ShouldBe(_machine.Image.Contexts["."].MaxId);
        restarted.Contexts["."].IdByGuid.ShouldBe(_machine.Image.Contexts["."].IdByGuid, ignoreOrder: true);
        restarted.Contracts.ByTopic.Values.ShouldBe(_machine.Image.Contracts.ByTopic.Values, ignoreOrder: true);
        restarted.Referrers.Keys.ShouldBe(_machine.Image.Referrers.Keys, ignoreOrder: true);
    }
}
