using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Commands;

public sealed class DeletionTests
{
    private readonly TestMachine _machine = new();

    [Fact]
    public void Delete_Referenced_IsRefusedUntilTheReferrerIsGone()
    {
        _machine.Register("customer", Schemas.Record("Customer", Schemas.Required("name")));
        _machine.Register(
            "order", Schemas.Record("Order", Schemas.Required("by", "Customer")), new SchemaReference("com.acme.Customer", "customer", 1));

        Delete("customer", Deletion.Soft).ShouldBeRefused().Message.ShouldContain("'order' version 1");
        Delete("order", Deletion.Soft).ShouldBeOk();
        Delete("customer", Deletion.Soft).ShouldBeOk("a soft-deleted referrer does not hold it");
        Delete("customer", Deletion.Permanent).ShouldBeRefused().Code.ShouldBe(ErrorCodes.ReferenceExists);
        Delete("order", Deletion.Permanent).ShouldBeOk();
        Delete("customer", Deletion.Permanent).ShouldBeOk();
        _machine.Image.Subjects.ShouldBeEmpty();
        _machine.Image.Referrers.ShouldBeEmpty();
    }

    [Fact]
    public void Delete_LatestVersion_UncoversTheOneBefore()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Register("s", Schemas.OrderPlacedWithNote);

        _machine.Submit(new DeleteVersion(Subject.Parse("s"), VersionSelector.Latest, Deletion.Soft)).ShouldBeOk().ShouldBe(2);

        SchemaLookup.ByVersion(_machine.Image, Subject.Parse("s"), VersionSelector.Latest, Visibility.Deleted)
            .ShouldBeOk().Version.ShouldBe(1);
        _machine.Register("s", Schemas.Record("OrderPlaced", Schemas.Required("id"), Schemas.Optional("other")))
            .Version.ShouldBe(3, "numbers of soft-deleted versions are not taken again");
    }

    [Fact]
    public void Delete_SubjectSoftly_WritesOneRecord()
    {
        _machine.Register("s", Schemas.OrderPlaced);
        _machine.Register("s", Schemas.OrderPlacedWithNote);
        var written = _machine.Log.Count;

        Delete("s", Deletion.Soft).ShouldBeOk().ShouldBe([1, 2]);

        (_machine.Log.Count - written).ShouldBe(1);
        SchemaLookup.ById(_machine.Image, null, 1).ShouldBeOk("its ids are still in the data");
    }

    private Outcome<System.Collections.Immutable.ImmutableArray<int>> Delete(string subject, Deletion deletion) =>
        _machine.Submit(new DeleteSubject(Subject.Parse(subject), deletion));
}

file static class Told
{
    /// <summary>As the other, with the reason why it should be so.</summary>
    public static T ShouldBeOk<T>(this Outcome<T> outcome, string because)
        where T : notnull
    {
        outcome.Error.ShouldBeNull(because);
        return outcome.ShouldBeOk();
    }
}
