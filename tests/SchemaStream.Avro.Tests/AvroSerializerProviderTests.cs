using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests;

/// <summary>What the SDK's core sees of this package.</summary>
public sealed class AvroSerializerProviderTests
{
    private readonly AvroSerializerProvider _provider = new();

    [Fact]
    public void Serializer_TellsItsSchemaAndTypeName()
    {
        var serializer = _provider.CreateSerializer<Shipment>();

        serializer.Format.ShouldBe(SchemaFormat.Avro);
        serializer.TypeName.ShouldBe("SchemaStream.Avro.Tests.AvroSerializerProviderTests.Shipment");
        AvroSchema.Parse(serializer.SchemaText!).FullName.ShouldBe(serializer.TypeName);
    }

    [Fact]
    public void Deserializer_ResolvesReferences()
    {
        var address = Registered(1, """{"type":"record","name":"com.acme.Address","fields":[{"name":"City","type":"string"}]}""");
        var writer = Registered(2, """{"type":"record","name":"com.acme.Shipment","fields":[{"name":"To","type":"com.acme.Address"},{"name":"Old","type":"int"}]}""");

        var read = _provider.CreateDeserializer<Shipment>(writer, [address]).Deserialize([2, (byte)'x', 0], Payload.Context);

        read.ShouldBe(new Shipment(new Address("x")));
    }

    [Fact]
    public void GivenSchema_IsWhatAWriterFollows_AndAReaderExpects()
    {
        var schema = (AvroRecordSchema)AvroSchema.Parse(
            """{"type":"record","name":"Address","namespace":"com.acme","fields":[{"name":"city","type":"string"},{"name":"zip","type":"string","default":"?"}]}""");
        var provider = new AvroSerializerProvider().WithSchema<Address>(schema).WithSchema<AvroRecord>(schema);
        var older = Registered(3, """{"type":"record","name":"Address","fields":[{"name":"city","type":"string"}]}""");

        provider.CreateSerializer<Address>().TypeName.ShouldBe("com.acme.Address");
        provider.CreateDeserializer<Address>(older, []).Deserialize([2, (byte)'x'], Payload.Context).ShouldBe(new Address("x"));
        provider.CreateDeserializer<AvroRecord>(older, []).Deserialize([2, (byte)'x'], Payload.Context)
            .ShouldBe(new AvroRecord(schema) { ["city"] = "x", ["zip"] = "?" });
        provider.CreateSerializer<Shipment>().TypeName.ShouldEndWith("AvroSerializerProviderTests.Shipment");
    }

    [Theory]
    [InlineData("""{"type":"record","name":"R","namespace":"com.acme","fields":[]}""", "com.acme.R")]
    [InlineData("\"string\"", "string")]
    [InlineData("""["null",{"type":"record","name":"b.B","fields":[]},{"type":"record","name":"a.A","fields":[]}]""", "a.A,b.B,null")]
    public void TypeNameOf_IsWhatAContractPins(string text, string expected) =>
        _provider.TypeNameOf(Registered(1, text), []).ShouldBe(expected);

    [Fact]
    public void Schema_OfAnotherFormat_IsRefused() =>
        Should.Throw<AvroSchemaException>(() => _provider.TypeNameOf(new RegisteredSchema(7, SchemaFormat.Json, "{}", []), []))
            .Message.ShouldContain("schema 7 is Json");

    [Fact]
    public void Deserializer_OfWhatCannotBeRead_SaysEveryReason()
    {
        var writer = Registered(1, """{"type":"record","name":"Address","fields":[{"name":"City","type":"int"}]}""");

        Should.Throw<SchemaSerializationException>(() => _provider.CreateDeserializer<Address>(writer, []))
            .Message.ShouldContain("TYPE_MISMATCH at /fields/0/type");
    }

    private static RegisteredSchema Registered(int id, string text) => new(id, SchemaFormat.Avro, text, []);

    public sealed record Address(string City);

    public sealed record Shipment(Address To);
}
