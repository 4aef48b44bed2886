using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Records for whom there is no C# type.</summary>
public sealed class AvroRecordTests
{
    private static readonly AvroRecordSchema Node = (AvroRecordSchema)AvroSchema.Parse(
        """{"type":"record","name":"Node","fields":[{"name":"value","type":"int"},{"name":"next","type":["null","Node"]},{"name":"all","type":{"type":"array","items":"Node"}}]}""");

    private static readonly AvroRecordSchema Sale = (AvroRecordSchema)AvroSchema.Parse(
        """
        {"type":"record","name":"Sale","fields":[
          {"name":"id","type":{"type":"string","logicalType":"uuid"}},
          {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
          {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null},
          {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"Sku","type":"string"}]}},"default":[{"Sku":"a"}]},
          {"name":"state","type":{"type":"enum","name":"State","symbols":["Open","Shut"]},"default":"Shut"},
          {"name":"tags","type":{"type":"map","values":"double"},"default":{"x":1.5}},
          {"name":"hash","type":{"type":"fixed","name":"Hash","size":2},"default":"\u0001\u00ff"}]}
        """);

    [Fact]
    public void Record_WithoutAType_ComesBack()
    {
        var leaf = new AvroRecord(Node) { ["value"] = 2, ["all"] = new List<object?>() };
        var root = new AvroRecord(Node) { [0] = 1, ["next"] = leaf, ["all"] = new List<object?> { leaf, leaf } };

        var read = Payload.RoundTrip(root, Node);

        read.ShouldBe(root);
        read["value"].ShouldBe(1);
        ((AvroRecord)read["next"]!)["value"].ShouldBe(2);
        ((List<object?>)read["all"]!).Count.ShouldBe(2);
        ((AvroRecord)Payload.Read<object?>(Payload.Write<object?>(root, Node), Node)!)[0].ShouldBe(1);
    }

    [Fact]
    public void Field_IsGivenAndTakenAsACSharpType()
    {
        var id = Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715");
        var at = new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero);
        var record = new AvroRecord(Sale);

        record.Set("id", id);
        record.Set("amount", -12.34m);
        record.Set<DateTimeOffset?>("at", at);
        record.Set("lines", new[] { new Line("a"), new Line("b") });
        record.Set("state", State.Shut);
        record.Set("tags", new Dictionary<string, double> { ["x"] = 1 });
        record.Set("hash", new byte[] { 1, 2 });

        record["id"].ShouldBe(id.ToString());
        record["amount"].ShouldBe(new byte[] { 0xfb, 0x2e });
        record["at"].ShouldBe(at.ToUnixTimeMilliseconds());
        record["state"].ShouldBe("Shut");
        var read = Payload.RoundTrip(record, Sale);
        read.ShouldBe(record);
        read.Get<Guid>("id").ShouldBe(id);
        read.Get<decimal>("amount").ShouldBe(-12.34m);
        read.Get<DateTimeOffset?>("at").ShouldBe(at);
        read.Get<List<Line>>("lines").ShouldBe([new Line("a"), new Line("b")]);
        read.Get<State>("state").ShouldBe(State.Shut);
        read.Get<long?>("at").ShouldBe(at.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Record_IsAValueOfACSharpTypeAndBack()
    {
        var value = new OrderLine("a", 1.5, null);

        var record = AvroRecord.From(value);

        record.ToString().ShouldBe("""{"Sku":"a","Price":1.5,"Quantity":null}""");
        record.To<OrderLine>().ShouldBe(value);
    }

    [Fact]
    public void Defaults_FillARecord()
    {
        var record = AvroRecord.WithDefaults(Sale);

        record.ToString().ShouldBe("""{"id":null,"amount":null,"at":null,"lines":[{"Sku":"a"}],"state":"Shut","tags":{"x":1.5},"hash":"01ff"}""");
    }

    [Fact]
    public void Records_WithEqualValues_AreEqual()
    {
        var (one, other) = (AvroRecord.WithDefaults(Sale), AvroRecord.WithDefaults(Sale));

        one.ShouldBe(other);
        one.GetHashCode().ShouldBe(other.GetHashCode());
        ((Dictionary<string, object?>)other["tags"]!)["x"] = 2.5;
        one.ShouldNotBe(other);
        one.Equals(new AvroRecord(Node)).ShouldBeFalse();
    }

    [Fact]
    public void Field_ThatIsNotThere_IsAnArgumentError()
    {
        Should.Throw<ArgumentException>(() => new AvroRecord(Node)["other"]).Message.ShouldContain("Node has no field \"other\"");
        Should.Throw<ArgumentException>(() => new AvroRecord(Node).Get<int>("other")).Message.ShouldContain("Node has no field \"other\"");
        new AvroRecord(Node).TryGetValue("other", out _).ShouldBeFalse();
        new AvroRecord(Node) { [0] = 3 }.TryGetValue("value", out var value).ShouldBeTrue();
        value.ShouldBe(3);
    }

    [Fact]
    public void Value_OfAnotherType_IsRefusedByField()
    {
        Should.Throw<AvroDataException>(() => Payload.Write(new AvroRecord(Node) { ["value"] = "1" }, Node))
            .Message.ShouldBe("Node.value: expected int, found String");
        Should.Throw<AvroSchemaException>(() => new AvroRecord(Node).Set("value", "1")).Message.ShouldContain("String");
        Should.Throw<AvroDataException>(() => AvroRecord.WithDefaults(Sale).Get<decimal>("amount")).Message.ShouldContain("Sale.amount");
    }

    [Fact]
    public void Record_AsAMember_FollowsTheSchemaThatIsGiven()
    {
        var schema = AvroSchema.Parse(
            """{"type":"record","name":"Envelope","fields":[{"name":"Id","type":"int"},{"name":"Payload","type":["null",{"type":"record","name":"Line","fields":[{"name":"Sku","type":"string"}]}]}]}""");
        var line = new AvroRecord((AvroRecordSchema)AvroSchema.Parse("""{"type":"record","name":"Line","fields":[{"name":"Sku","type":"string"}]}"""))
        {
            ["Sku"] = "s",
        };

        Payload.RoundTrip(new Envelope(1, line), schema).ShouldBe(new Envelope(1, line));
        Payload.RoundTrip(new Envelope(1, null), schema).ShouldBe(new Envelope(1, null));
        Should.Throw<AvroSchemaException>(() => new AvroSerializer<Envelope>()).Message.ShouldContain("Envelope.Payload has no schema of its own");
    }

    [Fact]
    public void Schema_ThatIsNoRecord_IsNoneForARecord()
    {
        Should.Throw<AvroSchemaException>(() => new AvroDeserializer<AvroRecord>(AvroSchema.Parse("\"int\""))).Message
            .ShouldContain("an AvroRecord cannot hold the schema's int");
        Should.Throw<AvroDataException>(() => Payload.Write(new AvroRecord(Node), AvroSchema.Parse("\"int\""))).Message.ShouldContain("expected int");

        // One branch of a union may be a record; the others are faults when they come.
        var union = AvroSchema.Parse("""["int",{"type":"record","name":"Line","fields":[]}]""");
        Payload.Read<AvroRecord>([2], union, union).Schema.FullName.ShouldBe("Line");
        Should.Throw<AvroDataException>(() => Payload.Read<AvroRecord>([0, 2], union, union)).Message.ShouldContain("the union holds a int");
    }

    [Fact]
    public void Type_WithoutASchema_NeedsOne() =>
        Should.Throw<AvroSchemaException>(() => new AvroSerializer<AvroRecord>()).Message.ShouldContain("the schema that it is given");

    public enum State
    {
        Open,
        Shut,
    }

    public sealed record Line(string Sku);

    public sealed record Envelope(int Id, AvroRecord? Payload);
}
