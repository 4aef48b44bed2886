namespace SchemaStream.Interop.Tests.Formats;

public enum Colour
{
    Red,
    Green,
    Blue,
}

public sealed record Line(string Sku, int Quantity, decimal Price);

/// <summary>A node of a tree: a type that holds itself.</summary>
public sealed record Branch(string Name, IReadOnlyList<Branch> Children);

/// <summary>Every shape that the serializer takes, in one record.</summary>
public sealed record EveryShape(
    bool Flag,
    int Small,
    long Large,
    float Single,
    double Double,
    string Text,
    string? MaybeText,
    int? MaybeNumber,
    byte[] Bytes,
    decimal Amount,
    Guid Id,
    Colour Colour,
    DateOnly Day,
    TimeOnly Time,
    DateTimeOffset Moment,
    IReadOnlyList<int> Numbers,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<Line> Lines,
    Line? MaybeLine,
    Branch Tree)
{
    /// <summary>Ordinary values, empty ones, and those at the ends of their ranges.</summary>
    public static EveryShape[] Samples { get; } =
    [
        new(
            true, 42, 1L << 40, 1.5f, -2.25, "naïve ☃ 𝄞", "there", 7, [0, 1, 254, 255], 1234.56m,
            new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), Colour.Green, new DateOnly(2026, 2, 28), new TimeOnly(23, 59, 59, 123),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), [1, -1, 300], new Dictionary<string, long> { ["a"] = 1, ["b"] = -2 },
            [new Line("s-1", 2, 9.99m), new Line("s-2", 1, 0m)], new Line("s-3", 3, -5m),
            new Branch("root", [new Branch("leaf", []), new Branch("twig", [new Branch("bud", [])])])),
        new(
            false, int.MinValue, long.MaxValue, float.MaxValue, double.Epsilon, "", null, null, [], 0m,
            Guid.Empty, Colour.Red, new DateOnly(1, 1, 1), TimeOnly.MinValue,
            DateTimeOffset.UnixEpoch, [], new Dictionary<string, long>(), [], null, new Branch("", [])),
        new(
            true, int.MaxValue, long.MinValue, -0f, -1e300, new string('x', 5_000), "", 0, new byte[1_000], -98765.4321m,
            new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"), Colour.Blue, new DateOnly(9999, 12, 31), new TimeOnly(12, 0),
            new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero), [.. Enumerable.Range(0, 200)],
            Enumerable.Range(0, 100).ToDictionary(i => $"key-{i}", i => (long)i), [], null, new Branch("one", [new Branch("two", [])])),
    ];
}
