using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Records for whom there is no C# type.</summary>
public sealed class AvroRecordTests
{
    private static readonly AvroRecordSchema Node = (AvroRecordSchema)AvroSchema.Parse(
        """{"type":"record","name":"Node","fields":[{"name":"value","type":"int"},{"name":"next","type":["null","Node"]},{"name":"all","type":{"type":"array","items":"Node"}}]}""");

    [Fact]
    public void Record_WithoutAType_ComesBack()
    {
        var leaf = new AvroRecord(Node) { ["value"] = 2, ["all"] = new List<object?>() };
        var root = new AvroRecord(Node) { [0] = 1, ["next"] = leaf, ["all"] = new List<object?> { leaf, leaf } };

        var read = Payload.RoundTrip(root, Node);

        read["value"].ShouldBe(1);
        ((AvroRecord)read["next"]!)["value"].ShouldBe(2);
        ((List<object?>)read["all"]!).Count.ShouldBe(2);
        ((AvroRecord)Payload.Read<object?>(Payload.Write<object?>(root, Node), Node)!)[0].ShouldBe(1);
    }

    [Fact]
    public void Field_ThatIsNotThere_IsAnArgumentError() =>
        Should.Throw<ArgumentException>(() => new AvroRecord(Node)["other"]).Message.ShouldContain("Node has no field \"other\"");

    [Fact]
    public void Value_OfAnotherType_IsRefusedByField() =>
        Should.Throw<AvroDataException>(() => Payload.Write(new AvroRecord(Node) { ["value"] = "1" }, Node))
            .Message.ShouldBe("Node.value: expected int, found String");

    [Fact]
    public void Type_WithoutASchema_NeedsOne() =>
        Should.Throw<AvroSchemaException>(() => new AvroSerializer<AvroRecord>()).Message.ShouldContain("the schema that it is given");
}
