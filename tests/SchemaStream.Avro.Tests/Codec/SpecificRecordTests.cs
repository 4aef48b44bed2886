using System.Numerics;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Classes as avrogen generates them, without the library that they are generated for: here a stand-in with its members.</summary>
public sealed class SpecificRecordTests
{
    [Fact]
    public void Schema_IsTheOneThatTheClassCarries()
    {
        AvroSchema.FromType<User>().ToJson().ShouldBe(AvroSchema.Parse(User._SCHEMA.ToString()).ToJson());
        new AvroSerializer<User>().TypeName.ShouldBe("SchemaStream.Avro.Tests.Codec.User");
    }

    [Fact]
    public void Values_OfEveryField_ComeBack()
    {
        var read = Payload.RoundTrip(Sample());

        read.name.ShouldBe("n");
        read.age.ShouldBe(7);
        read.home.street.ShouldBe("s");
        read.others.Select(address => address.street).ShouldBe(["a", "b"]);
        read.scores["x"].ShouldBe(1.5);
        read.kind.ShouldBe(UserKind.ADMIN);
        read.at.ShouldBe(new DateTime(2024, 2, 29, 13, 14, 15, DateTimeKind.Utc));
        read.clock.ShouldBe(new TimeSpan(1, 2, 3));
        read.day.ShouldBe(new DateTime(2024, 2, 29));
        read.hash.Value.ShouldBe([1, 2, 3, 4]);
        read.amount.ShouldBe(new AvroDecimal(12.34m));
        read.any.ShouldBeOfType<Address>().street.ShouldBe("any");
        read.Hidden.ShouldBe("through Put");
    }

    [Fact]
    public void Bytes_AreThoseOfAGenericRecord()
    {
        var schema = (AvroRecordSchema)AvroSchema.FromType<User>();

        var generic = Payload.Read<AvroRecord>(Payload.Write(Sample()), schema);

        generic["name"].ShouldBe("n");
        ((AvroRecord)generic["home"]!)["street"].ShouldBe("s");
        generic["amount"].ShouldBe(new byte[] { 4, 0xd2 });
        Payload.Hex(generic, schema).ShouldBe(Payload.Hex(Sample()));
    }

    [Fact]
    public void Data_OfAnOlderWriter_IsResolved()
    {
        var writer = AvroSchema.Parse("""{"type":"record","name":"Address","fields":[{"name":"gone","type":"int"},{"name":"street","type":"string"}]}""");

        Payload.Read<Address>([2, 4, (byte)'x', (byte)'y'], writer).street.ShouldBe("xy");
    }

    [Fact]
    public void PlainRecord_MayHaveOneAsAMember() =>
        Payload.RoundTrip(new Envelope(1, new Address { street = "s" })).Address.street.ShouldBe("s");

    private static User Sample() => new()
    {
        name = "n",
        age = 7,
        home = new Address { street = "s" },
        others = [new Address { street = "a" }, new Address { street = "b" }],
        scores = new Dictionary<string, double> { ["x"] = 1.5 },
        kind = UserKind.ADMIN,
        at = new DateTime(2024, 2, 29, 13, 14, 15, DateTimeKind.Utc),
        clock = new TimeSpan(1, 2, 3),
        day = new DateTime(2024, 2, 29),
        hash = new Hash { Value = [1, 2, 3, 4] },
        amount = new AvroDecimal(12.34m),
        any = new Address { street = "any" },
        Hidden = "through Put",
    };

    public sealed record Envelope(int Id, Address Address);
}

#nullable disable

/// <summary>Stands for the schema object of the library: its text is the schema.</summary>
public sealed class SchemaObject(string text)
{
    public override string ToString() => text;
}

/// <summary>Stands for the decimal of the library.</summary>
public readonly record struct AvroDecimal(BigInteger UnscaledValue, int Scale)
{
    public AvroDecimal(decimal value)
        : this((BigInteger)(value * 100), 2)
    {
    }
}

public enum UserKind
{
    GUEST,
    ADMIN,
}

public partial class Hash
{
    public static readonly SchemaObject _SCHEMA = new("""{"type":"fixed","name":"Hash","namespace":"SchemaStream.Avro.Tests.Codec","size":4}""");

    public virtual SchemaObject Schema => _SCHEMA;

    public byte[] Value { get; set; } = new byte[4];
}

public partial class Address
{
    public static readonly SchemaObject _SCHEMA = new(
        """{"type":"record","name":"Address","namespace":"SchemaStream.Avro.Tests.Codec","fields":[{"name":"street","type":"string"}]}""");

    private string _street;

    public virtual SchemaObject Schema => _SCHEMA;

    public string street
    {
        get => _street;
        set => _street = value;
    }

    public virtual object Get(int fieldPos) => fieldPos == 0 ? street : throw new ArgumentOutOfRangeException(nameof(fieldPos));

    public virtual void Put(int fieldPos, object fieldValue) => street = (string)fieldValue;
}

public partial class User
{
    public static readonly SchemaObject _SCHEMA = new(
        """
        {"type":"record","name":"User","namespace":"SchemaStream.Avro.Tests.Codec","fields":[
          {"name":"name","type":"string"},
          {"name":"age","type":["null","int"]},
          {"name":"home","type":{"type":"record","name":"Address","fields":[{"name":"street","type":"string"}]}},
          {"name":"others","type":{"type":"array","items":"Address"}},
          {"name":"scores","type":{"type":"map","values":"double"}},
          {"name":"kind","type":{"type":"enum","name":"UserKind","symbols":["GUEST","ADMIN"]}},
          {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"clock","type":{"type":"int","logicalType":"time-millis"}},
          {"name":"day","type":{"type":"int","logicalType":"date"}},
          {"name":"hash","type":{"type":"fixed","name":"Hash","size":4}},
          {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
          {"name":"any","type":["null","int","string","Address"]},
          {"name":"put","type":"string"}]}
        """);

    public virtual SchemaObject Schema => _SCHEMA;

    public string name { get; set; }

    public int? age { get; set; }

    public Address home { get; set; }

    public IList<Address> others { get; set; }

    public IDictionary<string, double> scores { get; set; }

    public UserKind kind { get; set; }

    public DateTime at { get; set; }

    public TimeSpan clock { get; set; }

    public DateTime day { get; set; }

    public Hash hash { get; set; }

    public AvroDecimal amount { get; set; }

    public object any { get; set; }

    internal string Hidden { get; set; }

    public virtual object Get(int fieldPos) => fieldPos == 12 ? Hidden : throw new ArgumentOutOfRangeException(nameof(fieldPos));

    public virtual void Put(int fieldPos, object fieldValue) =>
        Hidden = fieldPos == 12 ? (string)fieldValue : throw new ArgumentOutOfRangeException(nameof(fieldPos));
}
