extern alias analyzers;

using analyzers::SchemaStream.Analyzers.Locks;

namespace SchemaStream.Analyzers.Tests.Locks;

public sealed class SchemaLockTests
{
    [Fact]
    public void Write_PutsEachFieldOnALineAndEntriesInOrder()
    {
        var text = SchemaLock.Write(
        [
            new LockEntry(null, null, "Acme.Zebra", "AVRO", "BACKWARD", "\"string\""),
            new LockEntry("orders", "value", "Acme.Order", "AVRO", "FULL", Analysis.Record("Order", """{"name":"Id","type":["null","string"],"default":null}""", """{"name":"Kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]}}""")),
        ]);

        text.ShouldBe("""
            {
              "version": 1,
              "contracts": [
                {
                  "type": "Acme.Zebra",
                  "format": "AVRO",
                  "compatibility": "BACKWARD",
                  "schema": "string"
                },
                {
                  "topic": "orders",
                  "slot": "value",
                  "type": "Acme.Order",
                  "format": "AVRO",
                  "compatibility": "FULL",
                  "schema": {"type": "record", "name": "Order", "namespace": "Acme", "fields": [
                    {"name": "Id", "type": ["null", "string"], "default": null},
                    {"name": "Kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}}
                  ]}
                }
              ]
            }

            """);
    }

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSame()
    {
        LockEntry[] entries =
        [
            new("a\"b", "key", "Acme.Page<Acme.Order>", "AVRO", "FROZEN", """{"type":"map","values":"int","doc":"a, [b]: {c} \\\" d"}"""),
            new(null, null, "Acme.Order", "AVRO", "NONE", Analysis.Record("Order")),
        ];

        var read = SchemaLock.Read(SchemaLock.Write(entries));

        read.OrderBy(entry => entry.Type).Select(entry => entry with { Schema = Squeezed(entry.Schema) })
            .ShouldBe(entries.OrderBy(entry => entry.Type).Select(entry => entry with { Schema = Squeezed(entry.Schema) }));
        SchemaLock.Write(read).ShouldBe(SchemaLock.Write(entries));
    }

    private static string Squeezed(string schema) => System.Text.Json.Nodes.JsonNode.Parse(schema)!.ToJsonString();
}
