using System.Buffers;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary>The code of docs/avro.md.</summary>
public sealed class AvroPage
{
    [Fact]
    public void Type_HasItsSchema()
    {
        Console.WriteLine(AvroSchema.FromType<OrderPlaced>());

        AvroSchema.FromType<OrderPlaced>().ToJson().ShouldBe(
            """{"type":"record","name":"OrderPlaced","namespace":"SchemaStream.Documentation.Tests.Pages","fields":[""" +
            """{"name":"Id","type":{"type":"string","logicalType":"uuid"}},{"name":"Lines","type":{"type":"array","items":""" +
            """{"type":"record","name":"OrderLine","fields":[{"name":"Sku","type":"string"},{"name":"Quantity","type":"int"},""" +
            """{"name":"Price","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2}}]}}},""" +
            """{"name":"Coupon","type":["null","string"],"default":null},""" +
            """{"name":"Channel","type":{"type":"enum","name":"Channel","symbols":["Web","Shop"]},"default":"Web"}]}""");
    }

    [Fact]
    public void Value_IsWrittenAndRead()
    {
        var order = new OrderPlaced(Guid.NewGuid(), [new OrderLine("sku-1", 2, 9.99m)], null);

        var serializer = new AvroSerializer<OrderPlaced>();
        var context = new SerializationContext("orders", RecordSlot.Value);
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(order, in context, output);

        var writer = AvroSchema.Parse(serializer.SchemaText);
        var deserializer = new AvroDeserializer<OrderPlaced>(writer);
        OrderPlaced read = deserializer.Deserialize(output.WrittenSpan, in context);

        read.Lines.ShouldBe(order.Lines);
        read.Id.ShouldBe(order.Id);
    }

    [Fact]
    public void Attributes_SayWhatTheTypeDoesNot()
    {
        var schema = (AvroRecordSchema)AvroSchema.FromType<Sale>();

        schema.FullName.ShouldBe("com.acme.Sale");
        schema.Fields.Select(field => field.Name).ShouldBe(["id", "Amount", "At", "Checksum", "Rank"]);
        schema.FindField("Rank")!.Order.ShouldBe(AvroFieldOrder.Descending);
    }

    [Fact]
    public void Hierarchy_IsAUnion()
    {
        AvroSchema.FromType<Payment>().ContractName.ShouldBe(
            "SchemaStream.Documentation.Tests.Pages.Payment.Card,SchemaStream.Documentation.Tests.Pages.Payment.Cash");
        RoundTrip<Payment>(new Payment.Card("1234")).ShouldBe(new Payment.Card("1234"));
        RoundTrip<IShape>(new Square(2)).ShouldBe(new Square(2));
        RoundTrip(new Setting("retries", 5)).ShouldBe(new Setting("retries", 5));
    }

    [Fact]
    public void GivenSchema_IsFollowed()
    {
        var schema = AvroSchema.Parse(
            """
            {"type": "record", "name": "OrderLine", "namespace": "com.acme", "fields": [
              {"name": "quantity", "type": ["null", "long"]},
              {"name": "sku", "type": "string"},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "note", "type": "string", "default": ""}]}
            """);

        var serializer = new AvroSerializer<OrderLine>(schema);
        var deserializer = new AvroDeserializer<OrderLine>(writer: schema, reader: schema);

        var options = new SchemaStreamOptions
        {
            BootstrapServers = "127.0.0.1:9092",
            RegistryUrl = new Uri("http://127.0.0.1:8081"),
            Formats = [new AvroSerializerProvider().WithSchema<OrderLine>(schema)],
        };

        options.Formats[0].CreateSerializer<OrderLine>().TypeName.ShouldBe("com.acme.OrderLine");
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(new OrderLine("a", 1, 2m), default, output);
        deserializer.Deserialize(output.WrittenSpan, default).ShouldBe(new OrderLine("a", 1, 2m));
    }

    [Fact]
    public void OlderWriter_IsResolved()
    {
        var older = AvroSchema.Parse(
            """
            {"type": "record", "name": "Customer", "namespace": "com.acme.v1", "fields": [
              {"name": "Name", "type": "string"},
              {"name": "Legacy", "type": "bytes"}]}
            """);

        var deserializer = new AvroDeserializer<Customer>(older);
        Customer read = deserializer.Deserialize([6, (byte)'A', (byte)'d', (byte)'a', 2, 0xff], default);

        read.ShouldBe(new Customer("Ada", 3));
    }

    [Fact]
    public void Record_WithoutAType_HasFieldsByName()
    {
        var schema = (AvroRecordSchema)AvroSchema.FromType<OrderLine>();

        var line = AvroRecord.WithDefaults(schema);
        line["Sku"] = "sku-1";
        line.Set("Quantity", 2);
        line.Set("Price", 9.99m);

        decimal price = line.Get<decimal>("Price");
        OrderLine typed = line.To<OrderLine>();

        price.ShouldBe(9.99m);
        typed.ShouldBe(new OrderLine("sku-1", 2, 9.99m));
        AvroRecord.From(typed).ShouldBe(line);
    }

    [Fact]
    public void SpecificRecord_NeedsNoLibrary()
    {
        var serializer = new AvroSerializer<User>();
        var deserializer = new AvroDeserializer<User>(serializer.Schema);

        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(new User { name = "n" }, default, output);
        deserializer.Deserialize(output.WrittenSpan, default).name.ShouldBe("n");
        serializer.TypeName.ShouldBe("com.acme.User");
    }

    [Fact]
    public void Fault_SaysWhere()
    {
        var deserializer = new AvroDeserializer<OrderLine>(AvroSchema.FromType<OrderLine>());

        var fault = Should.Throw<AvroDataException>(() => deserializer.Deserialize([2, (byte)'a', 4, 99], default));

        fault.Path.ShouldBe("OrderLine.Price");
        fault.Offset.ShouldBe(3);
    }

    private static T RoundTrip<T>(T value)
    {
        var serializer = new AvroSerializer<T>();
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, default, output);
        return new AvroDeserializer<T>(serializer.Schema).Deserialize(output.WrittenSpan, default);
    }
}

public enum Channel
{
    Web,
    Shop,
}

public sealed record OrderLine(string Sku, int Quantity, [AvroDecimal(18, 2)] decimal Price);

public sealed record OrderPlaced(Guid Id, IReadOnlyList<OrderLine> Lines, string? Coupon, Channel Channel = Channel.Web);

[AvroName("com.acme.Sale")]                                         // a full name, or a simple one in the C# namespace
[AvroAlias("Purchase")]                                             // data written under the former name is still read
[AvroDoc("A sale, as the till saw it.")]
public sealed record Sale(
    [AvroOrder(-1)] [AvroName("id")] [AvroAlias("key")] Guid Id,    // first, though others may be declared before it
    [AvroDecimal(18, 2)] decimal Amount,                            // precision and scale
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTimeOffset At,
    [AvroFixed(4)] byte[] Checksum,                                 // exactly four bytes: the fixed com.acme.SaleChecksum
    [AvroDefault("7")] [AvroSort(AvroFieldOrder.Descending)] int Rank)
{
    [AvroIgnore]
    public bool IsLarge => Amount > 1000;
}

public abstract record Payment
{
    private Payment()
    {
    }

    public sealed record Card(string Number) : Payment;

    public sealed record Cash : Payment;
}

[AvroUnion(typeof(Circle), typeof(Square))]
public interface IShape;

public sealed record Circle(double Radius) : IShape;

public sealed record Square(double Side) : IShape;

public sealed record Setting(string Name, [AvroUnion(typeof(string), typeof(long), typeof(bool))] object Value)
{
    public Setting(string name, int value)
        : this(name, (object)(long)value)
    {
    }
}

public sealed record Customer(string Name, int Level = 3);

#nullable disable

/// <summary>As avrogen writes it, but for the library that it names.</summary>
public partial class User
{
    public static readonly object _SCHEMA = AvroSchema.Parse(
        """{"type":"record","name":"User","namespace":"com.acme","fields":[{"name":"name","type":"string"}]}""");

    public virtual object Schema => _SCHEMA;

    public string name { get; set; }

    public virtual object Get(int fieldPos) => name;

    public virtual void Put(int fieldPos, object fieldValue) => name = (string)fieldValue;
}
