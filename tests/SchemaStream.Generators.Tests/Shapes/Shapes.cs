using System.Collections.Immutable;
using System.Collections.ObjectModel;
using SchemaStream;
using SchemaStream.Avro;
using SchemaStream.Avro.Tests.Codec;
using SchemaStream.Generators.Tests.Shapes;

[assembly: SchemaStreamContract(typeof(Everything))]
[assembly: SchemaStreamContract(typeof(ManyShapes))]
[assembly: SchemaStreamContract(typeof(Page<Invoice>))]
[assembly: SchemaStreamContract(typeof(Page<string>))]
[assembly: SchemaStreamContract(typeof(Gaps<Address>))]
[assembly: SchemaStreamContract(typeof(Gaps<Money>))]
[assembly: SchemaStreamContract(typeof(Both<int?, Dictionary<string, Money>>))]
[assembly: SchemaStreamContract(typeof(List<Money>))]
[assembly: SchemaStreamContract(typeof(Level))]
[assembly: SchemaStreamContract(typeof(DateTimeOffset))]
[assembly: SchemaStreamContract(typeof(IFigure))]

namespace SchemaStream.Generators.Tests.Shapes;

#pragma warning disable CA1051 // Public fields are one of the shapes.

[SchemaStreamContract]
public sealed partial record Empty;

[SchemaStreamContract]
public sealed partial record Positional(string Id, int Count, double? Ratio = null, string Unit = "kg", Level Level = Level.High, decimal Price = 1.5m);

[SchemaStreamContract]
public sealed partial record Defaults(
    bool Flag = true, short Small = -3, uint Wide = 7, ulong Widest = ulong.MaxValue, float Single = 0.1f, double Double = 1e300,
    double NotANumber = double.NaN, [AvroDecimal(10, 2)] decimal Price = -12.34m, Guid Id = default, DateTime At = default,
    DateTimeOffset Instant = default, DateOnly Day = default, TimeOnly Time = default, TimeSpan Span = default,
    string? Note = "n\u00e4\"x\u0001", int? Maybe = 5, Level? MaybeLevel = Level.Low, string? None = null, string[]? Tags = null,
    ReadOnlyMemory<byte> Bytes = default);

[SchemaStreamContract]
public partial class Plain
{
    public byte Byte { get; set; }

    public sbyte SByte { get; set; }

    public short Short { get; set; }

    public ushort UShort { get; set; }

    public uint UInt { get; set; }

    public ulong ULong { get; set; }

    public required string Name { get; init; }

    public string? @class { get; set; }

    [AvroIgnore]
    public string Ignored => Name + "!";

    public int Computed => Short * 2;

    public int Field;

    public readonly int NotSettable = 3;

    public Plain()
    {
    }

    public Plain(int notSettable) => NotSettable = notSettable;
}

[SchemaStreamContract]
public partial class WithConstructor(int count, string name)
{
    public int Count { get; } = count;

    public string Name { get; } = name;

    public string? Note { get; set; }
}

[SchemaStreamContract]
public partial struct Loose
{
    public int A;

    public long? B { get; set; }
}

[SchemaStreamContract]
public readonly partial record struct Money(decimal Amount, string Currency);

[SchemaStreamContract]
public sealed partial record Invoice(Guid Id, IReadOnlyList<InvoiceLine> Lines, Money Total, Money? Discount, Address? Ship)
{
    public required DateOnly Due { get; init; }
}

public sealed record InvoiceLine(string Sku, [AvroDecimal(18, 2)] decimal Price, byte Count);

public record Address(string Street, string? City);

[SchemaStreamContract]
public sealed partial record Derived(string Street, string? City, int Floor) : Address(Street, City);

[SchemaStreamContract]
public sealed partial record Tree(int Value, List<Tree> Children, Tree? Left);

[SchemaStreamContract]
public sealed partial record Even(Odd? Next, Dictionary<string, Even> Others);

public sealed record Odd(Even Next);

public sealed record Page<T>(IReadOnlyList<T> Items, T First, T? Last, int Number);

/// <summary>Question marks on type parameters, within collections of every form.</summary>
public sealed record Gaps<T>(
    List<T?> Some,
    List<T> All,
    Dictionary<string, T?> Named,
    T?[] Array,
    List<KeyValuePair<string, int>?> Pairs,
    Dictionary<string, List<T?>?>? Deep,
    int Number,
    Guid? Id);

public sealed class Both<TLeft, TRight>
{
    public required TLeft Left { get; init; }

    public TRight? Right { get; init; }
}

public enum Level
{
    Low,
    Middle,
    High,
}

public enum Twice
{
    Open,
    Closed,

    [AvroDefault]
    Done = Closed,
}

public enum Odds : byte
{
    [AvroName("one")]
    One = 1,
    Three = 3,
    Uno = One,

    [AvroDefault]
    Nine = 9,
}

[SchemaStreamContract]
[AvroName("PlacedOrder", Namespace = "com.acme")]
[AvroAlias("Order")]
[AvroDoc("An order \"as placed\".")]
public sealed partial record Named(
    [AvroName("order_id"), AvroAlias("id"), AvroAlias("key"), AvroDoc("Its id.")] string Id,
    [AvroDefault("[ 1, 2 ]")] int[] Numbers,
    [property: AvroDefault("{\"Street\": \"s\", \"City\": null}")] Address Home,
    Odds Odds,
    Twice Twice,
    Odds? Maybe = Odds.Three);

[SchemaStreamContract]
public sealed partial record Collections(
    int[] Array,
    List<long> List,
    IList<string> IList,
    ICollection<double> ICollection,
    IEnumerable<Money> IEnumerable,
    IReadOnlyCollection<Money?> IReadOnlyCollection,
    ISet<int> ISet,
    IReadOnlySet<string> IReadOnlySet,
    HashSet<Guid> HashSet,
    SortedSet<int> SortedSet,
    Queue<string> Queue,
    Collection<string> Collection,
    ReadOnlyCollection<string> ReadOnlyCollection,
    ImmutableArray<Address> ImmutableArray,
    ImmutableList<int?> ImmutableList,
    ImmutableHashSet<long> ImmutableHashSet,
    ImmutableSortedSet<string> ImmutableSortedSet,
    IImmutableList<byte> IImmutableList,
    IImmutableSet<short> IImmutableSet,
    string?[]? Nullables,
    byte[][] Blobs,
    List<List<Level>> Nested);

[SchemaStreamContract]
public sealed partial record Maps(
    Dictionary<string, int> Dictionary,
    IDictionary<string, string?> IDictionary,
    IReadOnlyDictionary<string, Money> IReadOnlyDictionary,
    SortedDictionary<string, Address> SortedDictionary,
    ImmutableDictionary<string, long?> ImmutableDictionary,
    ImmutableSortedDictionary<string, double> ImmutableSortedDictionary,
    IImmutableDictionary<string, List<int>> IImmutableDictionary,
    Dictionary<string, Dictionary<string, Tree>> Nested);

/// <summary>Values behind fields of their own, which only constructors set.</summary>
[SchemaStreamContract]
public sealed partial record Pairs(List<KeyValuePair<int, string?>> Entries, KeyValuePair<string, Money>? Last, Span Span, Written Written);

public readonly struct Span
{
    private readonly int _from;
    private readonly int _to;

    public Span(int from)
        : this(from, from)
    {
    }

    public Span(int from, int to) => (_from, _to) = (from, to);

    public int From => _from;

    public int To => _to;

    public int Length => _to - _from;
}

public sealed class Written
{
    private readonly string _text;

    public Written() => _text = "";

    public Written(string text) => _text = text;

    public string Text => _text;
}

public static partial class Outer
{
    [SchemaStreamContract]
    internal sealed partial record Inner(Level Level, Inner.Deep Depth)
    {
        internal readonly record struct Deep(ReadOnlyMemory<byte> Bytes, TimeSpan? Span);
    }
}

#nullable disable
[SchemaStreamContract]
public sealed partial record Oblivious(string Text, int[] Numbers, List<string> Texts, Money Money);
#nullable restore
