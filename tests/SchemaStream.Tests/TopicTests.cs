namespace SchemaStream.Tests;

/// <summary>Topics as values.</summary>
public sealed class TopicTests
{
    [Fact]
    public void Topic_TakesThePrimitiveOfItsKey_AndSubjectsFromItsName()
    {
        var topic = Topic.Avro<Guid, Version>("orders");

        topic.KeyFormat.ShouldBe(SchemaFormat.Uuid);
        topic.ValueFormat.ShouldBe(SchemaFormat.Avro);
        topic.KeySubject.ShouldBe("orders-key");
        topic.ValueSubject.ShouldBe("orders-value");
        topic.ShouldBe(Topic.Define<Guid, Version>("orders", value: SchemaFormat.Avro));
        topic.ShouldNotBe(Topic.Json<Guid, Version>("orders"));
    }

    [Fact]
    public void Topic_OfAKeyWithoutAPrimitive_WritesItAsItsValues() =>
        Topic.Protobuf<Version, Version>("orders").KeyFormat.ShouldBe(SchemaFormat.Protobuf);

    [Fact]
    public void Topic_WithoutKeys_HasThemInNoFormat() =>
        Topic.Avro<Nothing, Version>("orders").KeyFormat.ShouldBe(SchemaFormat.None);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("größe")]
    public void Topic_OfAnIllegalName_IsRefused(string name) =>
        Should.Throw<ArgumentException>(() => Topic.Primitive<string, string>(name));

    [Fact]
    public void Topic_OfTheLongestName_IsTaken()
    {
        Topic.Primitive<string, string>(new string('x', Topic.LongestName)).Name.Length.ShouldBe(249);
        Should.Throw<ArgumentException>(() => Topic.Primitive<string, string>(new string('x', Topic.LongestName + 1)));
    }

    [Fact]
    public void Topic_WhoseFormatCannotCarryTheType_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Topic.Define<string, Version>("t", SchemaFormat.String));
        Should.Throw<ArgumentException>(() => Topic.Define<Nothing, string>("t", SchemaFormat.String, key: SchemaFormat.Avro));
        Should.Throw<ArgumentException>(() => Topic.Primitive<string, Version>("t"));
    }

    [Fact]
    public void Contract_RefusesAnotherType_AndNamesEverything()
    {
        var contract = new TopicContract(
            "orders", new SlotContract(SchemaFormat.String), new SlotContract(SchemaFormat.Avro, "com.acme.Order", "orders-value"));

        contract.Demand(RecordSlot.Value, new SlotContract(SchemaFormat.Avro, "com.acme.Order"));
        var refusal = Should.Throw<TopicContractException>(
            () => contract.Demand(RecordSlot.Value, new SlotContract(SchemaFormat.Json, "Order")));

        refusal.Message.ShouldBe(
            "The value of topic 'orders' is bound to AVRO com.acme.Order, but JSON Order was offered. "
            + "A topic's types never change: a different type means a new topic, such as 'orders.v2'.");
    }

    [Fact]
    public void Contract_OfASlotThatNothingHasBound_TakesAnyType() =>
        new TopicContract("orders", null, null).Demand(RecordSlot.Key, new SlotContract(SchemaFormat.Json, "Order"));

    [Fact]
    public void Headers_OfOneName_TheLastCounts()
    {
        var headers = new RecordHeaders().Add("a", "1").Add("b", "2").Add("a", "3");

        headers["a"]!.Value.AsText().ShouldBe("3");
        headers["c"].ShouldBeNull();
        headers.Select(header => header.Name).ShouldBe(["a", "b", "a"]);
        Should.Throw<InvalidOperationException>(() => RecordHeaders.Empty.Add("a", "1"));
    }
}
