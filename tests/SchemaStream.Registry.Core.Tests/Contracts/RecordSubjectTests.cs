using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Core.Tests.Contracts;

/// <summary>Topics whose schemas are kept under the names of their types: RecordName and TopicRecordName.</summary>
public sealed class RecordSubjectTests
{
    private static readonly SlotContract Either = new(SchemaFormat.Avro, TypeSet.Join(["com.acme.OrderPlaced", "com.acme.OrderCancelled"]));

    private readonly TestMachine _machine = new();

    [Fact]
    public void ATopicThatIsClosed_TakesItsTypesUnderTheirNames_AndNoOthers()
    {
        _machine.Bind("orders", new SlotContract(SchemaFormat.String), Either);

        _machine.Register("orders-com.acme.OrderPlaced", Schemas.OrderPlaced);
        _machine.Register("orders-com.acme.OrderCancelled", Schemas.OrderCancelled);
        var other = """{"type":"record","name":"Other","namespace":"com.acme","fields":[]}""";

        _machine.Refused("orders-com.acme.Other", other).Code.ShouldBe(ErrorCodes.ContractViolated);
        _machine.Register("orders-anything", other).Version.ShouldBe(1, "that name is no strategy's");
        _machine.Register("payments-com.acme.Other", other).Version.ShouldBe(1, "that topic is not bound");
    }

    [Fact]
    public void ATypesOwnName_HoldsThatType()
    {
        _machine.Bind("orders", null, Either);
        _machine.SetLevel(CompatibilityLevel.None);

        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlaced);

        _machine.Refused("com.acme.OrderPlaced", Schemas.OrderCancelled).Message.ShouldContain("bears the name of a type");
    }

    [Theory]
    [InlineData("com.acme.OrderPlaced")]
    [InlineData("orders-com.acme.OrderPlaced")]
    public void SchemasThatTheTopicNeeds_AreKeptWhileItIsBound(string subject)
    {
        _machine.Bind("orders", null, Either);
        _machine.Register(subject, Schemas.OrderPlaced);

        var refusal = _machine.Submit(new DeleteSubject(Subject.Parse(subject), Deletion.Soft)).ShouldBeRefused();

        refusal.Code.ShouldBe(ErrorCodes.ReferenceExists);
        refusal.Message.ShouldContain("DELETE /contracts/topics/orders");
        _machine.Submit(new UnbindContract("orders", TopicPresence.SaidToBeGone, "alice")).ShouldBeOk();
        _machine.Submit(new DeleteSubject(Subject.Parse(subject), Deletion.Soft)).ShouldBeOk();
    }

    [Fact]
    public void ATypesOwnName_IsFree_WhereTheTopicKeepsItsSchemasElsewhere()
    {
        _machine.Bind("orders", null, new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced"));
        _machine.Register("orders-value", Schemas.OrderPlaced);
        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlaced);

        _machine.Submit(new DeleteSubject(Subject.Parse("com.acme.OrderPlaced"), Deletion.Soft)).ShouldBeOk();
    }
}
