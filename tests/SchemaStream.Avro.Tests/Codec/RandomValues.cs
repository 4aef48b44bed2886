using System.Collections.Immutable;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Random values of the type that has every shape. One seed, one value.</summary>
internal sealed class RandomValues(int seed)
{
    private readonly Random _random = new(seed);

    public Everything Everything(int depth = 0) => new(NewGuid(), Text(), Maybe(Text), new DateTimeOffset(Ticks(10), TimeSpan.Zero))
    {
        Flag = _random.Next(2) == 0,
        S8 = (sbyte)_random.Next(),
        U8 = (byte)_random.Next(),
        S16 = (short)_random.Next(),
        U16 = (ushort)_random.Next(),
        S32 = (int)Number(),
        U32 = (uint)Number(),
        S64 = Number(),
        U64 = (ulong)Number(),
        Single = _random.NextSingle(),
        Double = _random.NextDouble() * Number(),
        Amount = Number() / 1000 / 100m,
        Money = _random.Next(2) == 0 ? null : new decimal(_random.Next(), 0, 0, _random.Next(2) == 0, 2),
        Bytes = Bytes(),
        Memory = Bytes(),
        Utc = new DateTime(Ticks(10), DateTimeKind.Utc),
        Date = DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber)),
        Time = new TimeOnly(_random.NextInt64(TimeSpan.TicksPerDay) / 10 * 10),
        Span = new TimeSpan(Number()),
        Channel = (Channel)_random.Next(3),
        Sparse = _random.Next(4) switch { 0 => null, 1 => Codec.Sparse.None, 2 => Codec.Sparse.Some, _ => Codec.Sparse.Many },
        Point = new Point((int)Number(), Number()),
        MaybePoint = _random.Next(2) == 0 ? null : new Point(1, Number()),
        Array = Items(() => (int)Number()),
        List = [.. Items(Text)],
        Nullables = Items(() => Maybe(Text)),
        Immutable = [.. Items(_random.NextDouble)],
        ImmutableList = [.. Items(Line)],
        Set = [.. Items(Number)],
        Ids = new HashSet<Guid>(Items(NewGuid)),
        Nested = Items(() => Items(() => _random.Next())),
        Map = Items(Line).Select((line, i) => KeyValuePair.Create("k" + i, line)).ToDictionary(),
        Counts = Items(() => _random.Next(2) == 0 ? (int?)null : _random.Next()).Select((n, i) => KeyValuePair.Create("ä" + i, n)).ToDictionary(),
        Sorted = Items(Text).Select((text, i) => KeyValuePair.Create("s" + i, text)).ToImmutableSortedDictionary(),
        Lines = _random.Next(2) == 0 ? null : [.. Items(Line)],
        Child = depth < 3 && _random.Next(2) == 0 ? Everything(depth + 1) : null,
    };

    private OrderLine Line() => new(Text(), _random.NextDouble(), _random.Next(2) == 0 ? null : (int)Number());

    private T[] Items<T>(Func<T> item) => [.. Enumerable.Range(0, _random.Next(5)).Select(_ => item())];

    private string? Maybe(Func<string> text) => _random.Next(2) == 0 ? null : text();

    private string Text() => _random.Next(5) switch
    {
        0 => "",
        1 => new string('z', _random.Next(200)),
        2 => "grüße 😀 " + _random.Next(),
        _ => "t" + _random.Next(),
    };

    private long Number() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    private long Ticks(int unit) => _random.NextInt64(DateTime.MaxValue.Ticks) / unit * unit;

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(40)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
