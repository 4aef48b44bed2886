using SchemaStream.Json.Tests.Types;

namespace SchemaStream.Json.Tests.Serialization;

/// <summary>Random values of every shape that the tests' types have.</summary>
internal sealed class RandomValues(Random random)
{
    public Purchase Purchase(int depth = 0) => new(
        new Guid(Bytes(16)),
        Many(Line),
        Status(),
        Address(),
        Maybe(Address),
        Many(i => KeyValuePair.Create($"{i}{Text()}", Money())).ToDictionary(),
        Instant(),
        random.Next(2) == 0 ? null : DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber)),
        new TimeSpan(random.NextInt64(-TimeSpan.TicksPerDay * 1000, TimeSpan.TicksPerDay * 1000)),
        Bytes(random.Next(20)),
        Maybe(Text),
        random.Next(2) == 0 ? null : random.Next(int.MinValue, int.MaxValue),
        Maybe(() => new Uri($"https://example.com/{random.Next()}?q=%20")),
        depth < 3 && random.Next(3) == 0 ? Purchase(depth + 1) : null);

    public Category Category(int depth = 0) =>
        new(Text(), depth > 4 ? [] : Many(_ => Category(depth + 1)));

    public Drawing Drawing() => new(Many<Figure>(i => i % 2 == 0 ? new Circle(Text(), Number()) : new Square(Text(), Number())));

    public Page<Line> Page() => new(Many(Line), random.Next());

    private Line Line(int index) => new(Text(), random.Next(int.MinValue, int.MaxValue), Number(), index % 2 == 0 ? null : Status());

    private Status Status() => (Status)random.Next(3);

    private Address Address() => new(Text(), Text());

    private decimal Money() => new(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29));

    private double Number() => random.Next(4) switch
    {
        0 => random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
        1 => -random.NextDouble(),
        2 => random.Next(),
        _ => 0,
    };

    private DateTimeOffset Instant() => new(
        random.NextInt64(DateTime.MinValue.AddDays(1).Ticks, DateTime.MaxValue.AddDays(-1).Ticks), TimeSpan.FromMinutes(random.Next(-600, 600)));

    private List<T> Many<T>(Func<int, T> make) => [.. Enumerable.Range(0, random.Next(4)).Select(make)];

    private T? Maybe<T>(Func<T> make)
        where T : class => random.Next(2) == 0 ? null : make();

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Text() => string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => char.ConvertFromUtf32(random.Next(5) switch
    {
        0 => random.Next(0x80, 0xD800),
        1 => random.Next(0x1F600, 0x1F640),
        _ => random.Next(0, 0x80),
    })));
}
