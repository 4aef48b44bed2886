using System.Text.Json.Serialization;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Derivation;

/// <summary>Base classes and interfaces whose values are of one of several types.</summary>
public sealed class UnionShapesTests
{
    private const string Space = "SchemaStream.Avro.Tests.Derivation.UnionShapesTests";

    [Fact]
    public void ClosedHierarchy_IsAUnionOfItsNestedTypes()
    {
        AvroSchema.FromType<Payment>().ToJson().ShouldBe(
            "[" + $$"""{"type":"record","name":"Card","namespace":"{{Space}}.Payment","fields":[{"name":"Number","type":"string"},{"name":"Note","type":["null","string"],"default":null}]},""" +
            $$"""{"type":"record","name":"Cash","namespace":"{{Space}}.Payment","fields":[{"name":"Note","type":["null","string"],"default":null}]}]""");

        Payload.RoundTrip<Payment>(new Payment.Card("1234") { Note = "n" }).ShouldBe(new Payment.Card("1234") { Note = "n" });
        Payload.RoundTrip<Payment>(new Payment.Cash()).ShouldBe(new Payment.Cash());
        Payload.RoundTrip<Payment?>(new Payment.Cash()).ShouldBe(new Payment.Cash());
    }

    [Fact]
    public void Union_InEveryPlace_ComesBack()
    {
        var value = new Basket(
            new Circle(2),
            null,
            [new Square(1), new Circle(3), new Square(4)],
            new Dictionary<string, IShape?> { ["a"] = null, ["b"] = new Circle(1) },
            [1, "two", new Square(3), 4.5, Color.Red]);

        var read = Payload.RoundTrip(value);

        read.One.ShouldBe(value.One);
        read.None.ShouldBeNull();
        read.Many.ShouldBe(value.Many);
        read.Named.ShouldBe(value.Named);
        read.Anything.ShouldBe(value.Anything);
    }

    [Fact]
    public void Union_OfANullable_HasNullAsOneMoreBranch() =>
        ((AvroRecordSchema)AvroSchema.FromType<Basket>()).FindField("None")!.Schema.ToJson([AvroSchema.FromType<Circle>(), AvroSchema.FromType<Square>()])
            .ShouldBe($"""["null","{Space}.Circle","{Space}.Square"]""");

    [Fact]
    public void Expression_OfItself_ComesBack()
    {
        Expr value = new Sum(new Number(1), new Product([new Number(2), new Sum(new Number(3), new Number(4))]));

        var read = Payload.RoundTrip(value);

        read.Value().ShouldBe(15);
    }

    [Fact]
    public void Expression_WithoutEnd_IsATypedError()
    {
        var endless = new Endless();
        endless.Next = endless;

        Should.Throw<AvroDataException>(() => Payload.Write<Chain>(endless)).Message.ShouldContain("refers to itself");
        byte[] deep = [0, .. Enumerable.Repeat((byte)2, 100_000)];
        Should.Throw<AvroDataException>(() => Payload.Read<Chain>(deep)).Message.ShouldContain("levels deep");
    }

    [Fact]
    public void JsonDerivedTypes_MakeAUnionToo()
    {
        Payload.RoundTrip<Animal>(new Dog { Name = "d", Barks = true }).ShouldBeOfType<Dog>().Barks.ShouldBeTrue();
        Payload.RoundTrip(new Animal { Name = "a" }).Name.ShouldBe("a");
    }

    [Fact]
    public void Value_OfATypeThatTheUnionDoesNotName_IsRefused()
    {
        Should.Throw<AvroDataException>(() => Payload.Write<Animal>(new Puppy())).Message
            .ShouldBe("Animal: a Puppy is none of the types of its union; name it with [AvroUnion]");
        Should.Throw<AvroDataException>(() => Payload.Write<IShape>(null!)).Message.ShouldContain("null where the schema has no null");
    }

    [Fact]
    public void Branch_ThatTheReaderDoesNotKnow_IsAFaultOfItsDataOnly()
    {
        var writer = AvroSchema.Parse(
            $$"""["int",{"type":"record","name":"Circle","namespace":"{{Space}}","fields":[{"name":"Radius","type":"float"}]}]""");

        Payload.Read<IShape>([2, 0, 0, 0, 0x40], writer).ShouldBe(new Circle(2));
        Should.Throw<AvroDataException>(() => Payload.Read<IShape>([0, 2], writer)).Message.ShouldContain("the union holds a int");
    }

    [Fact]
    public void Record_OfOneBranchAlone_IsReadAsTheBase()
    {
        var writer = AvroSchema.FromType<Square>();

        Payload.Read<IShape>(Payload.Write(new Square(5)), writer).ShouldBe(new Square(5));
    }

    [Fact]
    public void Unions_ThatMakeNoSense_AreRefused()
    {
        Should.Throw<AvroSchemaException>(() => AvroSchema.FromType<Twice>()).Message.ShouldContain("two types that are string to Avro");
        Should.Throw<AvroSchemaException>(() => AvroSchema.FromType<NotDerived>()).Message.ShouldContain("Square is no Payment");
        Should.Throw<AvroSchemaException>(() => AvroSchema.FromType<OfANumber>()).Message.ShouldContain("[AvroUnion] is for");
    }

    public enum Color
    {
        Red,
    }

    [AvroUnion(typeof(Circle), typeof(Square))]
    public interface IShape;

    public sealed record Circle(double Radius) : IShape;

    public sealed record Square(int Side) : IShape;

    public abstract record Payment
    {
        private Payment()
        {
        }

        public string? Note { get; init; }

        public sealed record Card([AvroOrder(-1)] string Number) : Payment;

        public sealed record Cash : Payment;
    }

    public sealed record Basket(
        IShape One,
        IShape? None,
        List<IShape> Many,
        Dictionary<string, IShape?> Named,
        [AvroUnion(typeof(int), typeof(string), typeof(Square), typeof(double), typeof(Color))] List<object> Anything);

    [AvroUnion(typeof(Number), typeof(Sum), typeof(Product))]
    public abstract class Expr
    {
        public abstract int Value();
    }

    public sealed class Number(int literal) : Expr
    {
        public int Literal { get; } = literal;

        public override int Value() => Literal;
    }

    public sealed class Sum(Expr left, Expr right) : Expr
    {
        public Expr Left { get; } = left;

        public Expr Right { get; } = right;

        public override int Value() => Left.Value() + Right.Value();
    }

    public sealed class Product(IReadOnlyList<Expr> factors) : Expr
    {
        public IReadOnlyList<Expr> Factors { get; } = factors;

        public override int Value() => Factors.Aggregate(1, (product, factor) => product * factor.Value());
    }

    [AvroUnion(typeof(Endless))]
    public abstract class Chain;

    public sealed class Endless : Chain
    {
        public Chain? Next { get; set; }
    }

    [JsonDerivedType(typeof(Animal))]
    [JsonDerivedType(typeof(Dog))]
    public class Animal
    {
        public string Name { get; set; } = "";
    }

    public class Dog : Animal
    {
        public bool Barks { get; set; }
    }

    public sealed class Puppy : Dog;

    public sealed record Twice([AvroUnion(typeof(string), typeof(string))] object Value);

    public sealed record NotDerived([AvroUnion(typeof(Square))] Payment Value);

    public sealed record OfANumber([AvroUnion(typeof(int))] int Value);
}
