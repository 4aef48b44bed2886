using System.Buffers;
using System.Collections.Immutable;
using SchemaStream;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Generators.Tests.Trimmed;

// Run by TrimmedProgramTests: each line is one promise that a trimmed program keeps.
var context = new SerializationContext("orders", RecordSlot.Value);
var order = new Order(
    Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), [new Line("A", 2, 1.25m), new Line("B", 1, 3m)],
    ImmutableDictionary<string, string>.Empty.Add("from", "web"), new Card("1234"), null);

var output = new ArrayBufferWriter<byte>();
var serializer = new AvroSerializer<Order>();
serializer.Serialize(order, context, output);
var own = new AvroDeserializer<Order>(AvroSchema.Parse(serializer.SchemaText)).Deserialize(output.WrittenSpan, context);
Console.WriteLine($"same schema: {own.Id == order.Id} {own.Lines.Length} {own.Notes["from"]} {own.Payment}");

var older = AvroSchema.Parse(
    """{"type":"record","name":"Order","fields":[{"name":"Gone","type":"long"},{"name":"Id","type":"string"},""" +
    """{"name":"Lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"Count","type":"int"},{"name":"Sku","type":"string"}]}}},""" +
    """{"name":"Payment","type":{"type":"record","name":"Card","fields":[{"name":"Number","type":"string"}]}}]}""");
byte[] bytes = [14, 72, .. "1cfbd194-421b-41fe-aedc-5c253e9d6715"u8, 2, 6, 2, (byte)'A', 0, 8, .. "1234"u8];
var evolved = new AvroDeserializer<Order>(older).Deserialize(bytes, context);
Console.WriteLine($"older schema: {evolved.Id == order.Id} {evolved.Lines[0]} {evolved.Notes.Count} {evolved.Payment}");

try
{
    _ = new AvroSerializer<Unmarked>();
    Console.WriteLine("unmarked: taken");
}
catch (AvroSchemaException refusal)
{
    Console.WriteLine("unmarked: " + refusal.Message);
}
