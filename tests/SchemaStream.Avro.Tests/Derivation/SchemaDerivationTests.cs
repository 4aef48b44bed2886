using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Derivation;

/// <summary>The schema of a C# type, as text: what is registered.</summary>
public sealed class SchemaDerivationTests
{
    private const string Space = "SchemaStream.Avro.Tests.Derivation.SchemaDerivationTests";

    [Fact]
    public void Record_IsARecordOfItsMembersInOrder() => AvroSchema.FromType<Order>().ToJson().ShouldBe(
        """{"type":"record","name":"Order","namespace":"SchemaStream.Avro.Tests.Derivation.SchemaDerivationTests","fields":[""" +
        """{"name":"Id","type":{"type":"string","logicalType":"uuid"}},{"name":"Amount","type":{"type":"bytes","logicalType":"decimal","precision":29,"scale":14}},""" +
        """{"name":"Note","type":["null","string"],"default":null},{"name":"Priority","type":"int","default":3},""" +
        """{"name":"Label","type":["string","null"],"default":"new"}]}""");

    [Theory]
    [InlineData(typeof(bool), "\"boolean\"")]
    [InlineData(typeof(sbyte), "\"int\"")]
    [InlineData(typeof(ushort), "\"int\"")]
    [InlineData(typeof(int), "\"int\"")]
    [InlineData(typeof(uint), "\"long\"")]
    [InlineData(typeof(long), "\"long\"")]
    [InlineData(typeof(ulong), """{"type":"bytes","logicalType":"decimal","precision":20,"scale":0}""")]
    [InlineData(typeof(float), "\"float\"")]
    [InlineData(typeof(double), "\"double\"")]
    [InlineData(typeof(string), "\"string\"")]
    [InlineData(typeof(byte[]), "\"bytes\"")]
    [InlineData(typeof(ReadOnlyMemory<byte>), "\"bytes\"")]
    [InlineData(typeof(DateTime), """{"type":"long","logicalType":"timestamp-micros"}""")]
    [InlineData(typeof(DateTimeOffset), """{"type":"long","logicalType":"timestamp-micros"}""")]
    [InlineData(typeof(DateOnly), """{"type":"int","logicalType":"date"}""")]
    [InlineData(typeof(TimeOnly), """{"type":"long","logicalType":"time-micros"}""")]
    [InlineData(typeof(TimeSpan), """{"type":"long","logicalType":"timespan-ticks"}""")]
    [InlineData(typeof(int?), """["null","int"]""")]
    [InlineData(typeof(int[][]), """{"type":"array","items":{"type":"array","items":"int"}}""")]
    [InlineData(typeof(Dictionary<string, List<int?>>), """{"type":"map","values":{"type":"array","items":["null","int"]}}""")]
    public void Type_HasItsSchema(Type type, string expected) => AvroSchema.FromType(type).ToJson().ShouldBe(expected);

    [Fact]
    public void Attributes_NameAliasDocDefault_AreInTheSchema() => AvroSchema.FromType<Named>().ToJson().ShouldBe(
        """{"type":"record","name":"Sale","namespace":"com.acme","doc":"A sale","fields":[""" +
        """{"name":"id","type":"int","doc":"The id","default":9,"aliases":["key"]},{"name":"Kept","type":"int"}],"aliases":["Purchase","old.Deal"]}""");

    [Fact]
    public void Attributes_OnPositionalParameters_Count() => AvroSchema.FromType<Positional>().ToJson().ShouldContain(
        """{"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2}}""");

    [Fact]
    public void TypeParameter_IsNullableWhereItHasAQuestionMark_InCollectionsToo()
    {
        var fields = ((AvroRecordSchema)AvroSchema.FromType<Gaps<string>>()).Fields.ToDictionary(field => field.Name, field => field.Schema.ToJson());

        fields["Some"].ShouldBe("""{"type":"array","items":["null","string"]}""");
        fields["All"].ShouldBe("""{"type":"array","items":"string"}""");
        fields["Named"].ShouldBe("""{"type":"map","values":["null","string"]}""");
        fields["Array"].ShouldBe("""["null",{"type":"array","items":["null","string"]}]""");
        fields["Deep"].ShouldBe("""{"type":"map","values":["null",{"type":"array","items":["null","string"]}]}""");
    }

    [Fact]
    public void Enum_WhoseDefaultIsASecondName_HasTheFirst() =>
        ((AvroEnumSchema)AvroSchema.Parse(AvroSchema.FromType<Twice>().ToJson())).Default.ShouldBe("Closed");

    [Fact]
    public void Enum_HasItsSymbolsAndDefault() => AvroSchema.FromType<Status>().ToJson().ShouldBe(
        $$"""{"type":"enum","name":"Status","namespace":"{{Space}}","symbols":["Unknown","Open","shut"],"default":"Unknown"}""");

    [Fact]
    public void GenericType_SpellsItsArguments()
    {
        AvroSchema.FromType<Pair<int, Pair<string, Order>>>().FullName.ShouldBe(Space + ".PairOfInt32AndPairOfStringAndOrder");

        // A type parameter is what its argument is; only a question mark makes it nullable.
        var pair = (AvroRecordSchema)AvroSchema.FromType<Pair<string, string>>();
        pair.Fields.Select(field => field.Schema.ToJson()).ShouldBe(["\"string\"", """["null","string"]""", """{"type":"array","items":"string"}"""]);
    }

    [Fact]
    public void RecursiveType_RefersToItself() => AvroSchema.FromType<Node>().ToJson().ShouldContain(
        """{"name":"Next","type":["null","Node"],"default":null},{"name":"All","type":{"type":"array","items":"Node"}}""");

    [Fact]
    public void NullableAnnotations_WhereOff_MeanNullable() =>
        ((AvroRecordSchema)AvroSchema.FromType<Oblivious>()).Fields[0].Schema.ToJson().ShouldBe("""["null","string"]""");

    [Fact]
    public void OptionalParameters_OfEveryScalar_GiveTheirDefaults()
    {
        var schema = (AvroRecordSchema)AvroSchema.FromType<Defaults>();

        string.Join(' ', schema.Fields.Select(field => field.Default is { } value ? JsonSerializer.Serialize(value) : "-"))
            .ShouldBe("""true -1 1.5 "a\u0022b" "Open" "1" "00000000-0000-0000-0000-000000000000" -62135596800000000 0 - 7 null""");
    }

    public sealed record Order(Guid Id, decimal Amount, string? Note, int Priority = 3, string? Label = "new");

    [AvroName("com.acme.Sale")]
    [AvroAlias("Purchase")]
    [AvroAlias("old.Deal")]
    [AvroDoc("A sale")]
    public sealed class Named
    {
        [AvroName("id")]
        [AvroAlias("key")]
        [AvroDoc("The id")]
        [AvroDefault("9")]
        public int Id { get; set; }

        [AvroIgnore]
        public object? Ignored { get; set; }

        public int Kept { get; set; }
    }

    public sealed record Positional([AvroName("total")] [AvroDecimal(18, 2)] decimal Amount);

    public sealed record Gaps<T>(
        int Number, List<T?> Some, List<T> All, Dictionary<string, T?> Named, T?[]? Array, Dictionary<string, List<T?>?> Deep)
        where T : class;

    public enum Twice
    {
        Open,
        Closed,

        [AvroDefault]
        Done = Closed,
    }

    public enum Status
    {
        [AvroDefault]
        Unknown,
        Open,
        [AvroName("shut")]
        Closed,
    }

    public sealed record Pair<TFirst, TSecond>(TFirst First, TSecond? Second, List<TFirst> Others);

    public sealed class Node
    {
        public Node? Next { get; set; }

        public List<Node> All { get; set; } = [];
    }

#nullable disable
    public sealed class Oblivious
    {
        public string Text { get; set; }
    }
#nullable restore

    public sealed record Defaults(
        bool Flag = true,
        long Number = -1,
        double Ratio = 1.5,
        string Text = "a\"b",
        Status Status = Status.Open,
        ulong Big = 49,
        Guid Id = default,
        DateTime At = default,
        TimeSpan Span = default,
        double NotANumber = double.NaN,
        int? Maybe = 7,
        Guid? None = null);
}
