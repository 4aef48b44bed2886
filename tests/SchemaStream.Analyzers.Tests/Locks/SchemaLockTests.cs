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
    public void Write_PutsEachPropertyAndEachLineOfProtobufOnALine()
    {
        var text = SchemaLock.Write(
        [
            new LockEntry("a", "value", "Acme.Order", "JSON", "BACKWARD", """{"title":"Order","properties":{"id":{"type":"string"},"no":{"type":"integer"}},"definitions":{"Line":{"properties":{}}}}"""),
            new LockEntry("b", "value", "Acme.Sent", "PROTOBUF", "BACKWARD", "syntax = \"proto3\";\n\nmessage Sent {\n}")
            {
                Message = "acme.Sent", References = [("acme/a.proto", "package a;"), ("acme/b.proto", "\tpackage b;")],
            },
        ]);

        text.ShouldBe("""
            {
              "version": 1,
              "contracts": [
                {
                  "topic": "a",
                  "slot": "value",
                  "type": "Acme.Order",
                  "format": "JSON",
                  "compatibility": "BACKWARD",
                  "schema": {"title": "Order", "properties": {
                    "id": {"type": "string"},
                    "no": {"type": "integer"}
                  }, "definitions": {
                    "Line": {"properties": {}}
                  }}
                },
                {
                  "topic": "b",
                  "slot": "value",
                  "type": "Acme.Sent",
                  "format": "PROTOBUF",
                  "message": "acme.Sent",
                  "compatibility": "BACKWARD",
                  "schema": [
                    "syntax = \"proto3\";",
                    "",
                    "message Sent {",
                    "}"
                  ],
                  "references": {
                    "acme/a.proto": [
                      "package a;"
                    ],
                    "acme/b.proto": [
                      "\u0009package b;"
                    ]
                  }
                }
              ]
            }

            """);
        var read = SchemaLock.Read(text);
        SchemaLock.Write(read).ShouldBe(text);
        (read[1].Schema, read[1].Message).ShouldBe(("syntax = \"proto3\";\n\nmessage Sent {\n}", "acme.Sent"));
        read[1].References.ShouldBe([("acme/a.proto", "package a;"), ("acme/b.proto", "\tpackage b;")]);
        Should.Throw<FormatException>(() => SchemaLock.Read(text.Replace("\"JSON\"", "\"PROTOBUF\"", StringComparison.Ordinal)))
            .Message.ShouldBe("the schema of a PROTOBUF contract is a list of its lines");
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
