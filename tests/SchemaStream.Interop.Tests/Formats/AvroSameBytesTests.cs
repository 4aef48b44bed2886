using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Tests.Codec;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Formats;

/// <summary>avsc and python3-avro write the SDK's bytes: for every type and logical type, for every shape, for random schemas.</summary>
public sealed class AvroSameBytesTests
{
    private const int RandomValues = 300;

    private static readonly SerializationContext Context = new("interop", RecordSlot.Value);

    public static TheoryData<string> Libraries => ["avsc", "python3-avro"];

    [Fact]
    public void EveryType_ComesBackToTheSdk()
    {
        foreach (var each in TypeCases.All)
        {
            each.ComesBack.ShouldBeTrue(each.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task EveryType_IsTheSameBytes(string library)
    {
        var results = await RunAsync(library, TypeCases.All.Select(each => each.ToLine()));

        results.Count.ShouldBe(TypeCases.All.Count);
        foreach (var (each, result) in TypeCases.All.Zip(results))
        {
            result.GetProperty("again").GetString().ShouldBe(each.Hex, $"{each.Name}: read and written again");
            result.GetProperty("written").GetString().ShouldBe(each.Hex, $"{each.Name}: written from the value that it should hold");
        }
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task EveryShape_IsTheSameBytes(string library)
    {
        var serializer = new AvroSerializer<EveryShape>();
        await HoldTheSameAsync(library, EveryShape.Samples.Select(sample => (serializer.SchemaText, Hex(serializer, sample))));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task RandomValues_OfRandomSchemas_AreTheSameBytes(string library)
    {
        var pairs = new List<(string, string)>();
        for (var seed = 0; pairs.Count < RandomValues; seed++)
        {
            var random = new RandomSchemas(seed);
            var schema = AvroSchema.Parse(random.Schema().ToJsonString());
            if (!IsFor(library, schema))
            {
                continue;
            }

            pairs.Add((schema.ToJson(), Hex(new AvroSerializer<object?>(schema), random.Value(schema))));
        }

        await HoldTheSameAsync(library, pairs);
    }

    /// <summary>
    /// python3-avro picks a union's branch by the value when it writes, and loses its way within larger ones; the cases of
    /// each type have unions for it.
    /// </summary>
    private static bool IsFor(string library, AvroSchema schema) => library == "avsc" || !HasUnion(JsonNode.Parse(schema.ToJson()));

    private static bool HasUnion(JsonNode? schema) => schema switch
    {
        JsonArray => true,
        JsonObject part => HasUnion(part["type"]) || HasUnion(part["items"]) || HasUnion(part["values"])
            || (part["fields"] as JsonArray)?.Any(HasUnion) == true,
        _ => false,
    };

    private static async Task HoldTheSameAsync(string library, IEnumerable<(string Schema, string Hex)> payloads)
    {
        var all = payloads.ToList();
        var results = await RunAsync(library, all.Select(each =>
            new JsonObject { ["schema"] = JsonNode.Parse(each.Schema), ["hex"] = each.Hex }.ToJsonString()));
        foreach (var (each, result) in all.Zip(results))
        {
            result.GetProperty("again").GetString().ShouldBe(each.Hex, each.Schema);
        }
    }

    private static async Task<List<JsonElement>> RunAsync(string library, IEnumerable<string> lines)
    {
        var input = string.Join('\n', lines);
        var output = library == "avsc"
            ? await Node.RunWithInputAsync("avro_same.js", input)
            : await Python.RunAsync("avro_same.py", [], input);
        return [.. output.EnumerateArray()];
    }

    private static string Hex<T>(AvroSerializer<T> serializer, T value)
    {
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, Context, output);
        return Convert.ToHexStringLower(output.WrittenSpan);
    }
}
