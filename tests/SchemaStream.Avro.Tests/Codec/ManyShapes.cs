using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>The shapes that <see cref="Everything"/> does not have: unions, chosen logical types, fixeds, generics, and rarer collections.</summary>
public sealed class ManyShapes
{
    public required Figure Figure { get; init; }

    public Figure? MaybeFigure { get; init; }

    public List<Figure?> Figures { get; init; } = [];

    public ImmutableDictionary<string, Figure> Named { get; init; } = ImmutableDictionary<string, Figure>.Empty;

    [AvroUnion(typeof(int), typeof(Dot), typeof(byte[]), typeof(Channel), typeof(double))]
    public object Anything { get; init; } = 0;

    [AvroUnion(typeof(bool), typeof(string))]
    public object?[] Answers { get; init; } = [];

    public Formula Formula { get; init; } = new Formula.Literal(0);

    public Beast Beast { get; init; } = new();

    public Times Times { get; init; }

    public Pair<Point, Pair<string, Channel>> Pair { get; init; } = new(default, new("", default));

    public Pair<int?, List<Dot>>? MaybePair { get; init; }

    public Queue<Dot> Queue { get; init; } = [];

    public LinkedList<int> Linked { get; init; } = [];

    public Collection<string> Collection { get; init; } = [];

    public ReadOnlyCollection<long> ReadOnly { get; init; } = new([]);

    public ObservableCollection<Point> Observed { get; init; } = [];

    public ConcurrentQueue<int> Concurrent { get; init; } = [];

    public ImmutableHashSet<Guid> Guids { get; init; } = [];

    public ImmutableSortedSet<string> Words { get; init; } = [];

    public SortedDictionary<string, Dot> Sorted { get; init; } = [];

    public ReadOnlyDictionary<string, double> Frozen { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    public ConcurrentDictionary<string, int[]> Shared { get; init; } = [];

    public FrozenSet<string> FrozenWords { get; init; } = [];

    public FrozenDictionary<string, Dot?> FrozenDots { get; init; } = FrozenDictionary<string, Dot?>.Empty;

    public ImmutableQueue<decimal> Waiting { get; init; } = [];

    [AvroLogicalType(AvroLogicalKind.BigDecimal)]
    public decimal Exact { get; init; }

    [AvroLogicalType(AvroLogicalKind.BigDecimal)]
    public IReadOnlyList<decimal?> Exactly { get; init; } = [];

    [AvroDecimal(38, 18)]
    public decimal Wide { get; init; }

    public IImmutableList<DateOnly> Days { get; init; } = [];

    [AvroFixed(7)]
    public ReadOnlyMemory<byte> Seven { get; init; } = new byte[7];

    [AvroFixed(16, Name = "Uuid")]
    public Guid[] Ids { get; init; } = [];

    [AvroFixed(9)]
    [AvroDecimal(18, 4)]
    public decimal? Price { get; init; }

    public ManyShapes? Next { get; init; }
}

[AvroUnion(typeof(Dot), typeof(Line), typeof(Group))]
public abstract record Figure;

public sealed record Dot(int X, int Y) : Figure;

public sealed record Line(Dot From, Dot? To) : Figure;

public sealed record Group(IReadOnlyList<Figure> Parts, string? Label) : Figure;

public abstract record Formula
{
    private Formula()
    {
    }

    public sealed record Literal(double Value) : Formula;

    public sealed record Sum(Formula Left, Formula? Right) : Formula;

    public sealed record Call(string Name, ImmutableArray<Formula> Arguments) : Formula;
}

[JsonDerivedType(typeof(Beast))]
[JsonDerivedType(typeof(Cat))]
public class Beast
{
    public string Name { get; set; } = "";
}

public sealed class Cat : Beast
{
    public bool Purrs { get; set; }
}

public readonly record struct Times(
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTimeOffset Millis,
    [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime Nanos,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMillis)] DateTime? LocalMillis,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMicros)] DateTime LocalMicros,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampNanos)] DateTime LocalNanos,
    [AvroLogicalType(AvroLogicalKind.Date)] DateTime Day,
    [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeOnly Clock,
    [AvroLogicalType(AvroLogicalKind.TimeMicros)] List<TimeSpan> SinceMidnight,
    [AvroFixed(12)] TimeSpan Duration);

public sealed record Pair<TFirst, TSecond>(TFirst First, TSecond Second);
