using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Derivation;

/// <summary>A shape that Avro cannot carry is refused by type and member, with what to do.</summary>
public sealed class UnsupportedShapesTests
{
    [Theory]
    [InlineData(typeof(WithObject), "WithObject.Payload is a Object", "name the one that is")]
    [InlineData(typeof(WithMatrix), "WithMatrix.Matrix is a Int32[,]", "array of arrays")]
    [InlineData(typeof(WithIntKeys), "WithIntKeys.Map is a Dictionary<Int32, String>", "string keys")]
    [InlineData(typeof(WithInterface), "WithInterface.Thing is a IComparable", "concrete type")]
    [InlineData(typeof(WithAbstract), "WithAbstract.Shape is a Shape", "concrete type")]
    [InlineData(typeof(WithDelegate), "WithDelegate.Call is a Action", "[AvroIgnore]")]
    [InlineData(typeof(WithUri), "WithUri.Link is a Uri", "[AvroIgnore]")]
    [InlineData(typeof(WithStack), "WithStack.Items is a Stack<Int32>", "List<T>")]
    [InlineData(typeof(WithNested), "WithNested.Items[] is a Object", "name the one that is")]
    [InlineData(typeof(WithGetOnlyList), "WithGetOnlyList", "Items has no setter")]
    [InlineData(typeof(WithPrivateConstructor), "WithPrivateConstructor cannot be made from its members", "public constructor")]
    [InlineData(typeof(WithFlags), "WithFlags.Rights is a Rights", "combinations")]
    [InlineData(typeof(WithOddName), "\"Größe\" is not an Avro name", "[AvroName]")]
    [InlineData(typeof(WithTwins), "two members with the Avro name \"a\"", "[AvroName]")]
    [InlineData(typeof(WithBadDefault), "WithBadDefault.Count", "is not a value of int")]
    [InlineData(typeof(WithBadJson), "WithBadJson.Text", "[AvroDefault] takes JSON")]
    [InlineData(typeof(WithBadDigits), "WithBadDigits.Amount", "1 to 38 digits")]
    [InlineData(typeof(WithTwoScales), "WithTwoScales.Amount: a BigDecimal", "take [AvroDecimal]")]
    [InlineData(typeof(WithClash), "both have the Avro name n.Same", "[AvroName]")]
    public void Shape_IsRefusedByMember_WithAdvice(Type type, string what, string advice) =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.FromType(type)).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain(what),
            message => message.ShouldContain(advice));

    public sealed record WithObject(object Payload);

    public sealed record WithMatrix(int[,] Matrix);

    public sealed record WithIntKeys(Dictionary<int, string> Map);

    public sealed record WithInterface(IComparable Thing);

    public abstract record Shape;

    public sealed record WithAbstract(Shape Shape);

    public sealed record WithDelegate(Action Call);

    public sealed record WithUri(Uri Link);

    public sealed record WithStack(Stack<int> Items);

    public sealed record WithNested(List<object> Items);

    public sealed class WithGetOnlyList
    {
        public List<int> Items { get; } = [];
    }

    public sealed class WithPrivateConstructor
    {
        private WithPrivateConstructor()
        {
        }

        public static WithPrivateConstructor Instance { get; } = new();

        public int X { get; set; }
    }

    [Flags]
    public enum Rights
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    public sealed record WithFlags(Rights Rights);

    public sealed record WithOddName(int Größe);

    public sealed record WithTwins([property: AvroName("a")] int X, [property: AvroName("a")] int Y);

    public sealed record WithBadDefault([property: AvroDefault("\"x\"")] int Count);

    public sealed record WithBadJson([property: AvroDefault("none")] string Text);

    public sealed record WithBadDigits([property: AvroDecimal(39, 2)] decimal Amount);

    public sealed record WithTwoScales(
        [property: AvroDecimal(9, 2), AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Amount);

    [AvroName("n.Same")]
    public sealed record One(int X);

    [AvroName("n.Same")]
    public sealed record Two(int X);

    public sealed record WithClash(One One, Two Two);
}
