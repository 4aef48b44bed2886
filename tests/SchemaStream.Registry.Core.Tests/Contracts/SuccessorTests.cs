using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests.Contracts;

/// <summary>A contract's end, what comes after it, and what is remembered.</summary>
public sealed class SuccessorTests
{
    private static readonly SlotContract OrderPlaced = new(SchemaFormat.Avro, "com.acme.OrderPlaced");
    private static readonly SlotContract OrderCancelled = new(SchemaFormat.Avro, "com.acme.OrderCancelled");

    private readonly TestMachine _machine = new();

    [Fact]
    public void Successor_CountsOn_KeepsWhatIsNotStated_AndIsTheSameWhenAskedAgain()
    {
        _machine.Bind("orders", new SlotContract(SchemaFormat.Uuid), OrderPlaced);

        var second = Succeed("orders", value: OrderCancelled).ShouldBeOk();
        var third = Succeed("orders.v2").ShouldBeOk();

        second.Topic.ShouldBe("orders.v2");
        second.Key!.Format.ShouldBe(SchemaFormat.Uuid);
        second.Value.ShouldBe(OrderCancelled with { Subject = "orders.v2-value", Evolution = EvolutionPolicy.Compatible });
        third.Value!.Subject.ShouldBe("orders.v3-value");
        _machine.Decide(new BindSuccessor("orders", null, null, OrderCancelled, "the test")).Records.ShouldBeEmpty();
        var after = _machine.Restarted().Contracts;
        after.Successors.ShouldBe(new Dictionary<string, string> { ["orders"] = "orders.v2", ["orders.v2"] = "orders.v3" }, ignoreOrder: true);
        after.ByTopic["orders.v2"].Predecessor.ShouldBe("orders");
    }

    [Fact]
    public void Successor_OfATopicThatHasOne_IsRefused()
    {
        _machine.Bind("orders", null, OrderPlaced);
        Succeed("orders").ShouldBeOk();

        var refusal = Succeed("orders", name: "purchases").ShouldBeRefused();

        refusal.Code.ShouldBe(ErrorCodes.ContractViolated);
        refusal.Message.ShouldContain("POST /contracts/topics/orders.v2/successor");
    }

    [Fact]
    public void Refusal_OfATopicThatHasSuccessors_NamesTheLastOfThem()
    {
        _machine.Bind("orders", new SlotContract(SchemaFormat.Uuid), OrderPlaced);
        Succeed("orders", value: OrderCancelled).ShouldBeOk();
        Succeed("orders.v2", name: "purchases").ShouldBeOk();

        _machine.Refused("orders-value", Schemas.OrderCancelled).Message.ShouldEndWith(
            "A different type means a new topic, and 'orders' has a successor: 'purchases', whose value is " +
            "'com.acme.OrderCancelled' (AVRO) under subject 'purchases-value'. If topic 'orders' is gone, an administrator frees " +
            "its name with DELETE /contracts/topics/orders.");
        _machine.Refused("orders-key", Schemas.OrderPlaced).Message.ShouldContain("successor: 'purchases', whose key is uuid. ");
    }

    [Fact]
    public void Successor_ThatTwoWritersRaceFor_IsTheFirst()
    {
        _machine.Bind("orders", null, OrderPlaced);
        var first = _machine.Decide(new BindSuccessor("orders", "a", null, null, "one"));
        var raced = new BindRecord("b", null, OrderPlaced, ContractBinding.Explicit, TestMachine.Noon, "two") { Predecessor = "orders" };

        var image = _machine.Image.Replay(raced, TestMachine.Noon);

        image.Contracts.Successors["orders"].ShouldBe("a");
        image.Holds(raced).ShouldBeFalse();
        image.Holds(first.Records[0]).ShouldBeTrue();
    }

    [Fact]
    public void Topics_ThatTwoWritersPutAfterOneAnother_AreNoCircle()
    {
        _machine.Bind("a", null, OrderPlaced);
        _machine.Bind("b", null, OrderPlaced);
        Succeed("a", name: "b").ShouldBeOk();
        var raced = new BindRecord(
            "a", null, OrderPlaced with { Subject = "a-value" }, ContractBinding.Explicit, TestMachine.Noon, "two") { Predecessor = "b" };

        var image = _machine.Image.Replay(raced, TestMachine.Noon);

        image.Holds(raced).ShouldBeFalse();
        image.Contracts.Successors.ShouldBe(new Dictionary<string, string> { ["a"] = "b" });
        Succeed("b", name: "a").ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidContract);
    }

    [Fact]
    public void NamesBeyondReason_AreRefused() => _machine
        .Submit(new BindContract("orders", null, new SlotContract(SchemaFormat.Avro, new string('a', 100_000)), "the test"))
        .ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidContract);

    [Theory]
    [InlineData(TopicPresence.Unknown, "force=true")]
    [InlineData(TopicPresence.Exists, "Delete the topic first")]
    public void Unbind_OfWhatMayStillBeThere_IsRefused(TopicPresence presence, string taught)
    {
        _machine.Bind("orders", null, OrderPlaced);

        var refusal = _machine.Submit(new UnbindContract("orders", presence, "alice")).ShouldBeRefused();

        refusal.Code.ShouldBe(ErrorCodes.ReferenceExists);
        refusal.Message.ShouldContain(taught);
    }

    [Fact]
    public void Unbind_FreesTheNameForAnyType_AndIsRemembered()
    {
        _machine.Bind("orders", null, OrderPlaced);
        _machine.Submit(new UnbindContract("orders", TopicPresence.Gone, "alice")).ShouldBeOk();
        _machine.Bind("orders", null, OrderCancelled);

        var facts = _machine.Restarted().Contracts.History["orders"];

        facts.Select(fact => fact.GetType().Name).ShouldBe(["BindRecord", "UnbindRecord", "BindRecord"]);
        ((UnbindRecord)facts[1]).By.ShouldBe("alice");
    }

    [Fact]
    public void History_HoldsNothingThatDidNotCount()
    {
        _machine.Bind("orders", null, OrderPlaced);
        var raced = new BindRecord("orders", null, OrderCancelled with { Subject = "orders-value" }, ContractBinding.Explicit, TestMachine.Noon, "x");

        _machine.Image.Replay(raced, TestMachine.Noon).Contracts.History["orders"].Count.ShouldBe(1);
    }

    private Outcome<TopicContract> Succeed(string topic, string? name = null, SlotContract? value = null) =>
        _machine.Submit(new BindSuccessor(topic, name, null, value, "the test"));
}
