using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests.Associations;

/// <summary>Which subject a topic's key and value have; the API's own stories tell the rest.</summary>
public sealed class AssociationTests
{
    private static readonly ResourceName Orders = new("orders", "lkc-1", "id-1", null);
    private static readonly Subject Owned = Subject.Parse(":.lkc-1:orders-value");

    private readonly TestMachine _machine = new();

    [Fact]
    public void Create_WithSchema_WritesClaimThenSchemaThenAssociation()
    {
        var decision = _machine.Decide(Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) }));

        decision.Reply.ShouldBeOk().Associations.ShouldHaveSingleItem().Schema!.Subject.ShouldBe(Owned);
        decision.Records.Select(record => record.GetType()).ShouldBe(
            [typeof(BindRecord), typeof(ContextRecord), typeof(SchemaRecord), typeof(AssociationRecord)]);
        _machine.Image.Contracts.ByTopic["orders"].Value!.Contract.Subject.ShouldBe(Owned.ToString());
    }

    [Fact]
    public void Create_Again_WritesNothing()
    {
        var create = Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) });
        _machine.Submit(create).ShouldBeOk();

        _machine.Decide(create).Records.ShouldBeEmpty();
    }

    [Fact]
    public void Create_Refused_WritesNothing_NotEvenTheFirstOfTwo()
    {
        var decision = _machine.Decide(Create(
            Orders,
            new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) },
            new AssociationClaim { Type = "key", Schema = Schema("colour") }));

        decision.Reply.ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);
        decision.Records.ShouldBeEmpty();
        _machine.Log.ShouldBeEmpty();
    }

    [Fact]
    public void DryRun_DecidesAllAndWritesNothing()
    {
        var create = Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) });

        _machine.Decide(create with { Trial = Trial.DryRun }).Records.ShouldBeEmpty();

        _machine.Register("com.acme.Other", Schemas.OrderPlaced);
        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "com.acme.Other"));
        _machine.Submit(create with { Trial = Trial.DryRun }).ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Create_OfAnotherType_IsRefusedByTheContract()
    {
        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.Other"));

        _machine.Submit(Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) }))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Create_WithContractsRecorded_WarnsAndLetsIn()
    {
        var machine = new TestMachine(new RegistrySettings { ImplicitContracts = ImplicitContracts.Record });
        machine.Register("orders-value", Schemas.OrderCancelled);

        var decision = machine.Decide(Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) }));

        decision.Reply.ShouldBeOk();
        decision.Warnings.ShouldHaveSingleItem().ShouldContain("orders-value");
    }

    [Fact]
    public void Create_ElsewhereThanTheFirstSchema_TakesTheContractAlong_AsLongAsTheTypeIsTheSame()
    {
        // What a first schema implied of the subject is no more than what every client assumes.
        _machine.Register("orders-value", Schemas.OrderPlaced);
        _machine.Register("payments-value", Schemas.OrderCancelled);

        Share("orders", "id-1");

        var value = _machine.Restarted().Contracts.ByTopic["orders"].Value!;
        value.Contract.Subject.ShouldBe("com.acme.OrderPlaced");
        value.BoundBy.ShouldBe("the first schema registered under orders-value");
        _machine.Image.Contracts.BoundTo(Subject.Parse("orders-value")).ShouldBeEmpty();
        _machine.Refused("orders-value", Schemas.OrderCancelled).Code.ShouldBe(ErrorCodes.ContractViolated);
        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced"))
            .Value!.Subject.ShouldBe("com.acme.OrderPlaced");
        _machine.Submit(Create(
            new ResourceName("payments", "lkc-1", "id-2", null), new AssociationClaim { Subject = "com.acme.OrderPlaced" }))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Create_ElsewhereThanAStatedContract_IsRefused()
    {
        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlaced);
        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value"));

        _machine.Submit(Create(
            new ResourceName("orders", "lkc-1", "id-1", null), new AssociationClaim { Subject = "com.acme.OrderPlaced" }))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Contract_OfAnAssociatedTopic_TakesTheAssociationsSubject()
    {
        Share("orders", "id-1");

        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced"))
            .Value!.Subject.ShouldBe("com.acme.OrderPlaced");
    }

    [Fact]
    public void AssociationsOfATopicTakenOver_HoldContractsThatComeLater()
    {
        // Written by another registry, which knows no contracts.
        _machine.Register("shared", Schemas.OrderPlaced);
        var key = new AssociationKey("orders", "lkc-1", "topic", "value", Subject.Parse("shared"));
        var image = _machine.Image.Replay(
            new AssociationRecord(key, new AssociationValue("g", "id-1", AssociationLifecycle.Weak, Frozen: false)), TestMachine.Noon);

        new BindContract("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value"), "the test")
            .Decide(image, _machine.Rules, TestMachine.Noon).Reply.ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
        new RegisterSchema(Subject.Parse("orders-value"), Schema(Schemas.OrderPlaced))
            .Decide(image, _machine.Rules, TestMachine.Noon).Records.OfType<BindRecord>().ShouldBeEmpty();
    }

    [Fact]
    public void Release_WithItsSubject_LeavesTheTypeBound()
    {
        _machine.Submit(Create(Orders, new AssociationClaim { Schema = Schema(Schemas.OrderPlaced) })).ShouldBeOk();

        _machine.Submit(new ReleaseAssociations("id-1", AssociationFilter.Any, Cascade.Subject, Trial.Real)).ShouldBeOk();

        _machine.Image.Subject(Owned).Versions.ShouldBeEmpty();
        _machine.Image.Associations.ByKey.ShouldBeEmpty();
        AssociationQuery.ByName(_machine.Image, "-", "orders", AssociationFilter.Any).ShouldBeEmpty();
        _machine.Image.Contracts.ByTopic["orders"].Value!.Contract.Type.ShouldBe("com.acme.OrderPlaced");
    }

    [Fact]
    public void Restart_SeesAssociationsAsTheyAre()
    {
        Share("orders", "id-1");
        Share("payments", "id-2");
        _machine.Now += TimeSpan.FromMinutes(1);
        _machine.Submit(new ReleaseAssociations("id-2", AssociationFilter.Any, Cascade.None, Trial.Real)).ShouldBeOk();

        var image = _machine.Restarted();

        var association = image.Associations.OfSubject(Subject.Parse("com.acme.OrderPlaced")).ShouldHaveSingleItem();
        association.ShouldBe(_machine.Image.Associations.OfResource("id-1").ShouldHaveSingleItem());
        association.CreatedAt.ShouldBe(TestMachine.Noon);
        image.Associations.OfName("payments").ShouldBeEmpty();
    }

    [Fact]
    public void Replay_OfARecordAgain_KeepsWhenItWasMade()
    {
        var key = new AssociationKey("orders", "-", "topic", "key", Subject.Parse("ids"));
        var image = AssociationsImage.Empty
            .Replay(Record("id-1"), TestMachine.Noon)
            .Replay(Record("id-2"), TestMachine.Noon.AddHours(1));

        var association = image.ByKey[key];
        association.CreatedAt.ShouldBe(TestMachine.Noon);
        association.UpdatedAt.ShouldBe(TestMachine.Noon.AddHours(1));
        image.OfResource("id-1").ShouldBeEmpty("the resource has another id now");
        image.OfResource("id-2").ShouldHaveSingleItem();

        AssociationRecord Record(string id) => new(key, new AssociationValue("g", id, AssociationLifecycle.Weak, Frozen: false));
    }

    [Fact]
    public void Version_ThatIsTheLastLiveOne_StaysAsLongAsItIsAssociated()
    {
        Share("orders", "id-1");
        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlacedWithNote);
        var subject = Subject.Parse("com.acme.OrderPlaced");

        _machine.Submit(new DeleteVersion(subject, VersionSelector.Latest, Deletion.Soft)).ShouldBeOk();
        _machine.Submit(new DeleteVersion(subject, VersionSelector.Latest, Deletion.Soft))
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.SubjectAssociated);
        _machine.Submit(new DeleteSubject(subject, Deletion.Soft)).ShouldBeRefused().Code.ShouldBe(ErrorCodes.SubjectAssociated);
    }

    [Fact]
    public void Holds_IsSoUntilSomethingElseIsWritten()
    {
        var record = new AssociationRecord(
            new AssociationKey("orders", "-", "topic", "key", Subject.Parse("ids")),
            new AssociationValue("g", "id-1", AssociationLifecycle.Weak, Frozen: false));
        var image = RegistryImage.Empty.Replay(record, TestMachine.Noon);

        image.Holds(record).ShouldBeTrue();
        image.Holds(record with { Value = null }).ShouldBeFalse();
        image.Replay(record with { Value = null }, TestMachine.Noon).Holds(record with { Value = null }).ShouldBeTrue();
    }

    private void Share(string topic, string id)
    {
        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlaced);
        _machine.Submit(Create(
            new ResourceName(topic, "lkc-1", id, null), new AssociationClaim { Subject = "com.acme.OrderPlaced" })).ShouldBeOk();
    }

    private static SchemaRequest Schema(string text) => new() { Text = text };

    private static ChangeAssociations Create(ResourceName resource, params AssociationClaim[] claims) => new(
        resource, [.. claims.Select(claim => new AssociationOp(AssociationOpKind.Create, claim))], ".", Trial.Real);
}
