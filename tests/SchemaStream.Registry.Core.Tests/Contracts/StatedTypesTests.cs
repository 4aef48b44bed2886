using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Core.Tests.Contracts;

/// <summary>Topic configs as a way to write contracts.</summary>
public sealed class StatedTypesTests
{
    private readonly TestMachine _machine = new();

    [Theory]
    [InlineData("string", SchemaFormat.String, null, "string")]
    [InlineData("avro:com.acme.A", SchemaFormat.Avro, "com.acme.A", "AVRO:com.acme.A")]
    [InlineData("avro:com.acme.B|com.acme.A", SchemaFormat.Avro, "com.acme.A,com.acme.B", "AVRO:com.acme.A|com.acme.B")]
    [InlineData("Protobuf:com.acme.A", SchemaFormat.Protobuf, "com.acme.A", "PROTOBUF:com.acme.A")]
    [InlineData("json", SchemaFormat.Json, null, "JSON")]
    public void Parse_ReadsWhatBrokersTake(string text, SchemaFormat format, string? type, string again)
    {
        var slot = StatedTypes.Parse(text);

        slot.ShouldBe(new SlotContract(format, type));
        StatedTypes.Format(slot).ShouldBe(again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("colour:red")]
    public void Parse_OfAnythingElse_SaysNothing(string? text) => StatedTypes.Parse(text).ShouldBeNull();

    [Fact]
    public void Due_IsWhatIsNotBoundExplicitlyYet()
    {
        _machine.Register("implied-value", Schemas.OrderPlaced);
        _machine.Bind("bound", null, new SlotContract(SchemaFormat.String));
        StatedTopic[] topics =
        [
            new("new", "uuid", "avro:com.acme.OrderPlaced"), new("implied", null, "avro:com.acme.OrderPlaced"),
            new("bound", null, "avro:com.acme.OrderPlaced"), new("silent", null, null),
        ];

        var due = StatedTypes.Due(_machine.Image, topics).ToArray();
        foreach (var command in due)
        {
            _machine.Submit(command).ShouldBeOk();
        }

        due.Select(command => command.Topic).ShouldBe(["new", "implied"]);
        _machine.Image.Contracts.ByTopic["new"].Key!.BoundBy.ShouldBe("the configs of topic new");
        _machine.Image.Contracts.ByTopic["implied"].Value!.Binding.ShouldBe(ContractBinding.Explicit);
        _machine.Image.Contracts.ByTopic["bound"].Value!.Contract.Format.ShouldBe(SchemaFormat.String, "first bind wins");
        StatedTypes.Due(_machine.Image, topics).ShouldBeEmpty();
    }
}
