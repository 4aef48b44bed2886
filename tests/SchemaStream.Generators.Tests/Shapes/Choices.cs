using System.Text.Json.Serialization;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Tests.Shapes;

[AvroUnion(typeof(Circle), typeof(Square))]
public interface IFigure;

public sealed record Circle(double Radius) : IFigure;

public sealed record Square(int Side) : IFigure;

[SchemaStreamContract]
public abstract partial record Payment
{
    private Payment()
    {
    }

    public string? Note { get; init; }

    public sealed record Card([AvroOrder(-1)] string Number) : Payment;

    public sealed record Cash : Payment;
}

[SchemaStreamContract]
public sealed partial record Basket(
    IFigure One,
    IFigure? None,
    List<IFigure> Many,
    Dictionary<string, IFigure?> Named,
    [AvroUnion(typeof(int), typeof(string), typeof(Square), typeof(double), typeof(Level))] List<object> Anything,
    [AvroUnion(typeof(long), typeof(bool))] object? Maybe,
    [AvroDefault("{\"Radius\": 1.5}"), AvroUnion(typeof(Circle))] IFigure? WithDefault);

[SchemaStreamContract]
[AvroUnion(typeof(Number), typeof(Sum), typeof(Product))]
public abstract partial class Expr;

public sealed class Number(int literal) : Expr
{
    public int Literal { get; } = literal;
}

public sealed class Sum(Expr left, Expr right) : Expr
{
    public Expr Left { get; } = left;

    public Expr Right { get; } = right;
}

public sealed class Product(IReadOnlyList<Expr>? factors) : Expr
{
    public IReadOnlyList<Expr>? Factors { get; } = factors;
}

[SchemaStreamContract]
[JsonDerivedType(typeof(Animal))]
[JsonDerivedType(typeof(Dog))]
public partial class Animal
{
    public string Name { get; set; } = "";
}

public class Dog : Animal
{
    public bool Barks { get; set; }
}

[SchemaStreamContract]
public sealed partial class Placed
{
    [AvroOrder(1)]
    public int Last { get; set; }

    public int A { get; set; }

    public int B { get; set; }

    [AvroOrder(-1)]
    public int First { get; set; }

    [AvroSort(AvroFieldOrder.Descending)]
    public int Down { get; set; }

    [AvroSort(AvroFieldOrder.Ignore)]
    public int Not { get; set; }
}

[SchemaStreamContract]
public sealed partial record Timed(
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTimeOffset Millis,
    [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTimeOffset OffsetNanos,
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTime UtcMillis,
    [AvroLogicalType(AvroLogicalKind.TimestampMicros)] DateTime UtcMicros,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMillis)] DateTime LocalMillis,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMicros)] DateTime LocalMicros,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampNanos)] DateTime LocalNanos,
    [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime? Nanos,
    [AvroLogicalType(AvroLogicalKind.Date)] DateTime Day,
    [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeOnly Clock,
    [AvroLogicalType(AvroLogicalKind.TimeMicros)] TimeOnly FineClock,
    [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeSpan SinceMidnight,
    [AvroLogicalType(AvroLogicalKind.TimeMicros)] TimeSpan? FineSinceMidnight,
    [AvroLogicalType(AvroLogicalKind.TimeSpanTicks)] TimeSpan Ticks,
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] List<DateTimeOffset> Many,
    [AvroDecimal(9, 2)] Dictionary<string, decimal?> Prices,
    [AvroFixed(4)] byte[] Hash,
    [AvroFixed(3, Name = "Tag")] ReadOnlyMemory<byte>? Tag,
    [AvroFixed(12)] TimeSpan Duration,
    [AvroFixed(16, Name = "acme.Uuid")] Guid Id,
    [AvroFixed(8)] [AvroDecimal(18, 2)] decimal Amount,
    [AvroFixed(16, Name = "acme.Uuid")] Guid[] Ids);

[SchemaStreamContract]
public sealed partial record ChosenDefaults(
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTime At = default,
    [AvroLogicalType(AvroLogicalKind.Date)] DateTime Day = default,
    [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeOnly Clock = default,
    [AvroFixed(2)] [AvroDecimal(4, 2)] decimal Amount = 1.5m,
    [AvroFixed(4)] [AvroDecimal(6, 2)] decimal Debt = -1.5m,
    [AvroFixed(16)] Guid Id = default,
    [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime Finest = default,
    [AvroDecimal(4, 2)] decimal Finer = 0.123m,
    [AvroDecimal(4, 2)] decimal Larger = 100m,
    [AvroFixed(4)] [AvroDecimal(4, 2)] decimal LargerStill = -1000m,
    [AvroDecimal(4, 2)] decimal Largest = 99.99m,
    [AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Exact = -1234.50m,
    [AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Nothing = default,
    [AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Most = decimal.MaxValue);
