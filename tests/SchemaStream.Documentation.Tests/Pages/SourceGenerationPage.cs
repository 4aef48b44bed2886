using System.Buffers;
using SchemaStream;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Documentation.Tests.Pages;

[assembly: SchemaStreamContract(typeof(Page<Parcel>))]

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/source-generation.md</c>.</summary>
public sealed class SourceGenerationPage
{
    private readonly SerializationContext context = new("parcels", RecordSlot.Value);
    private readonly Parcel parcel = new(Guid.NewGuid(), "Erika", [new Item("book", 2)], 12.50m);

    [Fact]
    public void GeneratedCode_IsFoundByItself()
    {
        var serializer = new AvroSerializer<Parcel>();
        var buffer = new ArrayBufferWriter<byte>();
        serializer.Serialize(parcel, context, buffer);
        var deserializer = new AvroDeserializer<Parcel>(AvroSchema.Parse(serializer.SchemaText));
        var read = deserializer.Deserialize(buffer.WrittenSpan, context);

        (read with { Items = parcel.Items }).ShouldBe(parcel);
        read.Items.ShouldBe(parcel.Items);
        serializer.SchemaText.ShouldBe(AvroSchema.FromType<Parcel>().ToJson());
    }

    [Fact]
    public void GenericType_HasTheCodeThatTheAssemblyNames() =>
        new AvroSerializer<Page<Parcel>>().TypeName.ShouldBe("SchemaStream.Documentation.Tests.Pages.PageOfParcel");

    [Fact]
    public void OlderData_IsReadByAPlan()
    {
        var olderSchema = AvroSchema.Parse(
            """{"type":"record","name":"Parcel","fields":[{"name":"Receiver","type":"string"},{"name":"Id","type":"string"},{"name":"Items","type":{"type":"array","items":{"type":"record","name":"Item","fields":[]}}}]}""",
            validation: AvroValidation.Lenient);

        Should.Throw<AvroSchemaException>(() => AvroDeserializer.FromContract<Parcel>(olderSchema)).Message.ShouldContain("Item.Name");
        olderSchema = AvroSchema.Parse(
            """{"type":"record","name":"Parcel","fields":[{"name":"Receiver","type":"string"},{"name":"Id","type":"string"},{"name":"Items","type":{"type":"array","items":{"type":"record","name":"Item","fields":[{"name":"Count","type":"int"},{"name":"Name","type":"string"}]}}}]}""");
        var evolving = AvroDeserializer.FromContract<Parcel>(olderSchema);

        byte[] bytes = [10, .. "Erika"u8, 72, .. System.Text.Encoding.UTF8.GetBytes(parcel.Id.ToString()), 2, 4, 8, .. "book"u8, 0];
        var read = evolving.Deserialize(bytes, context);
        read.Items.ShouldBe(parcel.Items);
        read.Value.ShouldBeNull();
    }
}

[SchemaStreamContract]
public sealed partial record Parcel(Guid Id, string Receiver, IReadOnlyList<Item> Items, [AvroDecimal(10, 2)] decimal? Value = null);

public sealed record Item(string Name, byte Count);

public sealed record Page<T>(IReadOnlyList<T> Items, int Number);
