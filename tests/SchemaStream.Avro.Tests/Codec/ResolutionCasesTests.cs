using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Schema resolution as a table: cases/resolution.json. Bytes are written by hand, not by our writer.</summary>
public sealed class ResolutionCasesTests
{
    public static TheoryData<string> Names() => [.. Cases().Select(entry => entry["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_ResolvesAsTheTableSays(string name)
    {
        var entry = Cases().Single(entry => entry["name"]!.GetValue<string>() == name);
        var writer = AvroSchema.Parse(entry["writer"]!.ToJsonString());
        var reader = AvroSchema.Parse(entry["reader"]!.ToJsonString());
        if (entry["refused"] is { } reason)
        {
            Should.Throw<AvroSchemaException>(() => new AvroDeserializer<object?>(writer, reader)).Message.ShouldContain(reason.GetValue<string>());
            AvroCompatibility.Check(reader, writer).ShouldNotBeEmpty();
            return;
        }

        var deserializer = new AvroDeserializer<object?>(writer, reader);
        var bytes = Convert.FromHexString(entry["bytes"]!.GetValue<string>());
        if (entry["error"] is { } error)
        {
            var fault = Should.Throw<AvroDataException>(() => deserializer.Deserialize(bytes, Payload.Context));
            fault.Message.ShouldContain(error.GetValue<string>());
            fault.Path.ShouldNotBeEmpty();
            return;
        }

        var value = PlainJson.Of(deserializer.Deserialize(bytes, Payload.Context));
        JsonNode.DeepEquals(value, entry["value"]).ShouldBeTrue($"found {value?.ToJsonString() ?? "null"}");
    }

    private static List<JsonNode> Cases() =>
        JsonSerializer.Deserialize<List<JsonNode>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "resolution.json")))!;
}
