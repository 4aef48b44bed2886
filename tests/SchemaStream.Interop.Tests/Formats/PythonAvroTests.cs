using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Formats;

/// <summary>Debian's python3-avro reads what the SDK writes, writes the same bytes, and is read by the SDK.</summary>
public sealed class PythonAvroTests
{
    private static readonly SerializationContext Context = new("interop", RecordSlot.Value);

    public static TheoryData<int> SampleIndexes() => [.. Enumerable.Range(0, EveryShape.Samples.Length)];

    [Theory]
    [MemberData(nameof(SampleIndexes))]
    public async Task Bytes_AreTheSame_OnBothSides(int sample)
    {
        var serializer = new AvroSerializer<EveryShape>();
        var output = new ArrayBufferWriter<byte>();
        serializer.Serialize(EveryShape.Samples[sample], Context, output);
        var ours = Convert.ToHexStringLower(output.WrittenSpan);
        var schema = JsonNode.Parse(serializer.SchemaText!)!;

        var read = await Python.RunAsync("avro_codec.py", ["decode"], new JsonObject { ["writer"] = schema.DeepClone(), ["hex"] = ours }.ToJsonString());
        read.GetProperty("left").GetInt32().ShouldBe(0);
        var value = read.GetProperty("value");
        value.GetProperty("Text").GetString().ShouldBe(EveryShape.Samples[sample].Text);
        value.GetProperty("Large").GetInt64().ShouldBe(EveryShape.Samples[sample].Large);

        var written = await Python.RunAsync(
            "avro_codec.py", ["encode"], new JsonObject { ["writer"] = schema.DeepClone(), ["value"] = JsonNode.Parse(value.GetRawText()) }.ToJsonString());
        written.GetProperty("hex").GetString().ShouldBe(ours);

        var back = new AvroDeserializer<EveryShape>(AvroSchema.Parse(serializer.SchemaText!))
            .Deserialize(Convert.FromHexString(written.GetProperty("hex").GetString()!), Context);
        JsonSerializer.Serialize(back).ShouldBe(JsonSerializer.Serialize(EveryShape.Samples[sample]));
    }

    [Fact]
    public async Task Resolution_OfAnOlderWriter_AgreesWithPythons()
    {
        const string older = """
            {"type": "record", "name": "Line", "namespace": "SchemaStream.Interop.Tests.Formats", "fields": [
              {"name": "Quantity", "type": "int"},
              {"name": "Gone", "type": {"type": "array", "items": "string"}},
              {"name": "Sku", "type": "string"},
              {"name": "Price", "type": "float"}]}
            """;
        const string newer = """
            {"type": "record", "name": "Line", "namespace": "SchemaStream.Interop.Tests.Formats", "fields": [
              {"name": "Sku", "type": "string"},
              {"name": "Quantity", "type": "long"},
              {"name": "Price", "type": "double"},
              {"name": "Note", "type": "string", "default": "none"}]}
            """;
        var written = await Python.RunAsync("avro_codec.py", ["encode"], new JsonObject
        {
            ["writer"] = JsonNode.Parse(older),
            ["value"] = JsonNode.Parse("""{"Quantity": 3, "Gone": ["a", "b"], "Sku": "s-1", "Price": 1.5}"""),
        }.ToJsonString());
        var hex = written.GetProperty("hex").GetString()!;

        var theirs = await Python.RunAsync("avro_codec.py", ["decode"], new JsonObject
        {
            ["writer"] = JsonNode.Parse(older), ["reader"] = JsonNode.Parse(newer), ["hex"] = hex,
        }.ToJsonString());
        var ours = new AvroDeserializer<NewerLine>(AvroSchema.Parse(older)).Deserialize(Convert.FromHexString(hex), Context);

        var value = theirs.GetProperty("value");
        ours.ShouldBe(new NewerLine(
            value.GetProperty("Sku").GetString()!, value.GetProperty("Quantity").GetInt64(),
            value.GetProperty("Price").GetDouble(), value.GetProperty("Note").GetString()!));
    }

    [AvroName("Line")]
    private sealed record NewerLine(string Sku, long Quantity, double Price, string Note = "none");
}
