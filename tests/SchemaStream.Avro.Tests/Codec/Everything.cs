using System.Collections.Immutable;

namespace SchemaStream.Avro.Tests.Codec;

public enum Channel
{
    Web,
    Shop,
    Phone,
}

public enum Sparse : short
{
    None = -1,
    Some = 10,
    Many = 1000,
}

public sealed record OrderLine(string Sku, double Price, int? Quantity);

public readonly record struct Point(int X, long Y);

/// <summary>Every supported shape in one type.</summary>
public sealed record Everything(Guid Id, string Name, string? Note, DateTimeOffset At)
{
    public bool Flag { get; init; }

    public sbyte S8 { get; init; }

    public byte U8 { get; init; }

    public short S16 { get; init; }

    public ushort U16 { get; init; }

    public int S32 { get; init; }

    public uint U32 { get; init; }

    public long S64 { get; init; }

    public ulong U64 { get; init; }

    public float Single { get; init; }

    public double Double { get; init; }

    public decimal Amount { get; init; }

    [AvroDecimal(18, 2)]
    public decimal? Money { get; init; }

    public byte[] Bytes { get; init; } = [];

    public ReadOnlyMemory<byte> Memory { get; init; }

    public DateTime Utc { get; init; }

    public DateOnly Date { get; init; }

    public TimeOnly Time { get; init; }

    public TimeSpan Span { get; init; }

    public Channel Channel { get; init; }

    public Sparse? Sparse { get; init; } = Codec.Sparse.None;

    public Point Point { get; init; }

    public Point? MaybePoint { get; init; }

    public int[] Array { get; init; } = [];

    public List<string> List { get; init; } = [];

    public IReadOnlyList<string?> Nullables { get; init; } = [];

    public ImmutableArray<double> Immutable { get; init; } = [];

    public ImmutableList<OrderLine> ImmutableList { get; init; } = [];

    public HashSet<long> Set { get; init; } = [];

    public IReadOnlySet<Guid> Ids { get; init; } = new HashSet<Guid>();

    public IEnumerable<int[]> Nested { get; init; } = [];

    public Dictionary<string, OrderLine> Map { get; init; } = [];

    public IReadOnlyDictionary<string, int?> Counts { get; init; } = new Dictionary<string, int?>();

    public ImmutableSortedDictionary<string, string> Sorted { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public List<OrderLine>? Lines { get; init; }

    public Everything? Child { get; init; }
}
