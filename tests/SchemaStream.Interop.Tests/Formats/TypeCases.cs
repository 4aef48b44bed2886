using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Interop.Tests.Formats;

/// <summary>A C# value, the bytes that the SDK writes for it, and what others must find in them.</summary>
/// <param name="Name">The type that is looked at.</param>
/// <param name="Schema">The schema's text.</param>
/// <param name="Hex">The SDK's bytes.</param>
/// <param name="Value">What they hold, under the logical type, as the scripts take it.</param>
/// <param name="ComesBack">Whether the SDK reads the bytes as the value that it wrote.</param>
internal sealed record TypeCase(string Name, string Schema, string Hex, JsonNode? Value, bool ComesBack)
{
    public string ToLine() => new JsonObject
    {
        ["schema"] = JsonNode.Parse(Schema), ["hex"] = Hex, ["value"] = Value?.DeepClone(),
    }.ToJsonString();
}

/// <summary>Every type and logical type of C# and Avro that the SDK knows.</summary>
internal static class TypeCases
{
    private static readonly SerializationContext Context = new("interop", RecordSlot.Value);
    private static readonly DateTimeOffset Moment = new(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero);
    private static readonly Guid Id = new("1cfbd194-421b-41fe-aedc-5c253e9d6715");

    public static IReadOnlyList<TypeCase> All { get; } =
    [
        .. Primitives(), .. Numbers(), .. Texts(), .. Logical(), .. Fixed(), .. Collections(), .. Records(),
    ];

    private static IEnumerable<TypeCase> Primitives()
    {
        yield return Of<int?>("null", null, null);
        yield return Of("boolean", true, true);
        yield return Of("boolean", false, false);
        yield return Of("float", 1.5f, 1.5);
        yield return Of("double", -2.25e-300, -2.25e-300);
        yield return Of("bytes", new byte[] { 0, 1, 0xff }, Bytes("0001ff"), (a, b) => a.SequenceEqual(b));
        yield return Of<ReadOnlyMemory<byte>>("bytes", new byte[] { 7 }, Bytes("07"), (a, b) => a.Span.SequenceEqual(b.Span));
        yield return Of("enum", Colour.Blue, "Blue");
        yield return Of<int?>("union", -5, -5);
    }

    private static IEnumerable<TypeCase> Numbers()
    {
        foreach (var number in new[] { 0, -1, 63, 64, -64, -65, 8191, 8192, int.MaxValue, int.MinValue })
        {
            yield return Of("int", number, number);
        }

        foreach (var number in new[] { 0, 1L << 40, -(1L << 48), (1L << 55) - 1, 1L << 55, long.MaxValue, long.MinValue })
        {
            yield return Of("long", number, Long(number));
        }

        yield return Of("sbyte", sbyte.MinValue, sbyte.MinValue);
        yield return Of("byte", byte.MaxValue, byte.MaxValue);
        yield return Of("short", short.MinValue, short.MinValue);
        yield return Of("ushort", ushort.MaxValue, ushort.MaxValue);
        yield return Of("uint", uint.MaxValue, Long(uint.MaxValue));
        yield return Of("ulong", ulong.MaxValue, Bytes("00ffffffffffffffff"));
        yield return Of("ulong", 0UL, Bytes("00"));
        yield return Of("decimal", 1.5m, Bytes("00886c98b76000"));
        yield return Of("decimal", -0.00000000000001m, Bytes("ff"));
    }

    private static IEnumerable<TypeCase> Texts()
    {
        foreach (var text in new[] { "", "a", "naïve ☃ 𝄞", new('x', 63), new('x', 64), new('ä', 40), new string('€', 3000) })
        {
            yield return Of("string", text, text);
        }
    }

    private static IEnumerable<TypeCase> Logical()
    {
        yield return Of("uuid", Id, Id.ToString());
        yield return Of("date", new DateOnly(2024, 2, 29), 19782);
        yield return Of("date", new DateOnly(1, 1, 1), -719162);
        yield return Of("time-micros", new TimeOnly(1, 2, 3, 4, 5), Long(3_723_004_005));
        yield return Of("timestamp-micros", Moment, Long(1_709_212_455_678_000));
        yield return Of("timestamp-micros", Moment.UtcDateTime, Long(1_709_212_455_678_000));
        yield return Of("timestamp-micros", new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero), Long(-1_000_000));
        yield return Of("timespan-ticks", TimeSpan.FromSeconds(-1), Long(-10_000_000));
        foreach (var number in new[]
        {
            0m, 0.00m, 1.5m, 1.50m, -0.01m, 2.24m, 127m, 128m, -128m, -129m, 1e-28m, decimal.MaxValue, decimal.MinValue,
        })
        {
            yield return Of("big-decimal", new Exact(number), new JsonObject
            {
                ["Amount"] = new JsonObject { ["digits"] = number.ToString(CultureInfo.InvariantCulture) },
            });
        }

        yield return Of("logical", new LogicalTypes(
                Moment, Moment.UtcDateTime.AddTicks(9), Moment.DateTime, Moment.DateTime, Moment.DateTime, new TimeOnly(1, 2, 3, 4), -12.34m),
            new JsonObject
            {
                ["Millis"] = Long(1_709_212_455_678), ["Nanos"] = Long(1_709_212_455_678_000_900),
                ["LocalMillis"] = Long(1_709_212_455_678), ["LocalMicros"] = Long(1_709_212_455_678_000),
                ["LocalNanos"] = Long(1_709_212_455_678_000_000), ["Clock"] = 3_723_004, ["Amount"] = Bytes("fb2e"),
            });
    }

    private static IEnumerable<TypeCase> Fixed()
    {
        var value = new FixedTypes([1, 2, 3, 0xff], Id, new TimeSpan(3, 0, 0, 0, 5), -1.5m);
        yield return Of("fixed", value, new JsonObject
        {
            ["Hash"] = Bytes("010203ff"),
            ["Id"] = Bytes("1cfbd194421b41feaedc5c253e9d6715"),
            ["Duration"] = Bytes("000000000300000005000000"),
            ["Amount"] = Bytes("ffffff6a"),
        }, (a, b) => a.Hash.SequenceEqual(b.Hash) && a with { Hash = b.Hash } == b);
    }

    private static IEnumerable<TypeCase> Collections()
    {
        yield return Of("array", new[] { 1, -2, 300 }, new JsonArray(1, -2, 300), (a, b) => a.SequenceEqual(b));
        yield return Of("array", new List<int?> { 1, null }, new JsonArray(1, null), (a, b) => a.SequenceEqual(b));
        yield return Of<int[]>("array", [], new JsonArray(), (a, b) => b.Length == 0);
        yield return Of(
            "map", new Dictionary<string, double> { ["ä"] = 1, ["b"] = -2.5 }, new JsonObject { ["ä"] = 1, ["b"] = -2.5 },
            (a, b) => a.SequenceEqual(b));
        yield return Of<Dictionary<string, int[]>>("map", [], new JsonObject(), (a, b) => b.Count == 0);
    }

    private static IEnumerable<TypeCase> Records()
    {
        var space = typeof(TypeCases).Namespace!;
        yield return Of("record", new Line("s", 2, 1m), new JsonObject { ["Sku"] = "s", ["Quantity"] = 2, ["Price"] = Bytes("5af3107a4000") });
        yield return Of<IFigure>("union of records", new Disc(2), Branch($"{space}.Disc", new JsonObject { ["Radius"] = 2.0 }));
        yield return Of("recursive", new Chain(1, new Chain(2, null)), new JsonObject
        {
            ["Value"] = 1, ["Next"] = Branch($"{space}.Chain", new JsonObject { ["Value"] = 2, ["Next"] = null }),
        });
        yield return Of("union of anything", new Anything("x"), new JsonObject { ["Value"] = Branch("string", "x") });
        yield return Of("union of anything", new Anything(5L), new JsonObject { ["Value"] = Branch("long", Long(5)) });
        yield return Of("union of anything", new Anything(new Box(1)), new JsonObject
        {
            ["Value"] = Branch($"{space}.Box", new JsonObject { ["Side"] = 1 }),
        });
    }

    private static TypeCase Of<T>(string name, T value, JsonNode? held, Func<T, T, bool>? areEqual = null)
    {
        var serializer = new AvroSerializer<T>();
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, Context, output);
        var read = new AvroDeserializer<T>(AvroSchema.Parse(serializer.SchemaText)).Deserialize(output.WrittenSpan, Context);
        return new TypeCase(
            $"{name}: {value}", serializer.SchemaText, Convert.ToHexStringLower(output.WrittenSpan), held,
            (areEqual ?? EqualityComparer<T>.Default.Equals)(value, read));
    }

    private static JsonObject Bytes(string hex) => new() { ["hex"] = hex };

    private static JsonObject Long(long value) => new() { ["long"] = value.ToString(CultureInfo.InvariantCulture) };

    private static JsonObject Branch(string name, JsonNode value) => new() { ["branch"] = name, ["value"] = value };
}

internal sealed record LogicalTypes(
    [AvroLogicalType(AvroLogicalKind.TimestampMillis)] DateTimeOffset Millis,
    [AvroLogicalType(AvroLogicalKind.TimestampNanos)] DateTime Nanos,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMillis)] DateTime LocalMillis,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampMicros)] DateTime LocalMicros,
    [AvroLogicalType(AvroLogicalKind.LocalTimestampNanos)] DateTime LocalNanos,
    [AvroLogicalType(AvroLogicalKind.TimeMillis)] TimeOnly Clock,
    [AvroDecimal(9, 2)] decimal Amount);

internal sealed record Exact([AvroLogicalType(AvroLogicalKind.BigDecimal)] decimal Amount);

internal sealed record FixedTypes(
    [AvroFixed(4)] byte[] Hash,
    [AvroFixed(16)] Guid Id,
    [AvroFixed(12)] TimeSpan Duration,
    [AvroFixed(4)] [AvroDecimal(9, 2)] decimal Amount);

[AvroUnion(typeof(Disc), typeof(Box))]
internal interface IFigure;

internal sealed record Disc(double Radius) : IFigure;

internal sealed record Box(int Side) : IFigure;

internal sealed record Chain(int Value, Chain? Next);

internal sealed record Anything([AvroUnion(typeof(string), typeof(long), typeof(Box))] object Value);
