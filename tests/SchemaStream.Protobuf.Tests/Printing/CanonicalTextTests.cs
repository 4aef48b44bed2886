namespace SchemaStream.Protobuf.Tests.Printing;

/// <summary>What the text of a schema looks like, and which texts are one schema.</summary>
public sealed class CanonicalTextTests
{
    private static readonly ProtoImport[] Money =
    [
        ProtoImport.FromText("acme/money.proto", "syntax = \"proto3\"; package acme; message Money { int64 units = 1; }"),
    ];

    [Fact]
    public void A_schema_reads_as_one_would_write_it()
    {
        var schema = ProtoSchema.Parse(
            """
            syntax = 'proto3'; package acme.shop; // comments go
            option java_package = "com.acme"; import "acme/money.proto"; import public "confluent/meta.proto";
            message Order { option (confluent.message_meta).doc = "an order"; reserved 9, 10 to 12, 100 to max; reserved "old";
              string order_id = 1 [json_name = "id", (confluent.field_meta) = { tags: "PII" tags: "B" }]; repeated acme.shop.Order.Line lines = 2;
              map<string, acme.Money> totals = 3; oneof how { Line line = 4; string other = 5; } optional Kind kind = 6; message Line { } enum Kind { NONE = 0; } }
            service Orders { rpc Place(stream Order) returns (.acme.Money); }
            """,
            Money);

        schema.ToText().ShouldBe(
            """
            syntax = "proto3";
            package acme.shop;

            import "acme/money.proto";
            import public "confluent/meta.proto";

            option java_package = "com.acme";

            message Order {
              option (confluent.message_meta) = { doc: "an order" };
              reserved 9, 10 to 12, 100 to max;
              reserved "old";
              string order_id = 1 [json_name = "id", (confluent.field_meta) = { tags: ["PII", "B"] }];
              repeated Line lines = 2;
              map<string, acme.Money> totals = 3;
              oneof how {
                Line line = 4;
                string other = 5;
              }
              optional Kind kind = 6;
              message Line {}
              enum Kind {
                NONE = 0;
              }
            }

            service Orders {
              rpc Place (stream Order) returns (acme.Money);
            }

            """);
    }

    [Fact]
    public void Written_differently_it_is_the_same_in_its_normal_form()
    {
        const string One = """
            syntax = "proto3"; package acme.shop; import "acme/money.proto"; import "google/protobuf/timestamp.proto";
            option java_package = "j"; option go_package = "g";
            message Order { string id = 1; Money total = 2; google.protobuf.Timestamp at = 3; oneof o { string a = 4; string b = 5; } reserved 8; reserved 9; optional int32 x = 6; }
            enum Kind { NONE = 0; ONE = 1; TWO = 2; }
            """;
        const string Two = """
            /* the same */ syntax = "proto3"; import "google/protobuf/timestamp.proto"; import 'acme/money.proto'; package acme.shop;
            option go_package = "g";
            message Order { optional int32 x = 6; oneof o { string b = 5; string a = 4; } reserved 9, 8; .google.protobuf.Timestamp at = 3; acme.Money total = 2; string id = 1 [json_name = "id"]; }
            option java_package = "j"; enum Kind { NONE = 0; TWO = 2; ONE = 1; }
            """;

        var normal = ProtoSchema.Parse(One, Money).ToNormalizedText();

        ProtoSchema.Parse(Two, Money).ToNormalizedText().ShouldBe(normal);
        normal.ShouldContain(".acme.Money total = 2;");
        normal.IndexOf("go_package", StringComparison.Ordinal).ShouldBeLessThan(normal.IndexOf("java_package", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_that_mean_the_same_are_the_same_in_the_normal_form()
    {
        static string With(string options) => ProtoSchema.Parse(
            "syntax = \"proto3\"; import \"confluent/meta.proto\"; message A { int32 a = 1 [" + options + "]; }").ToNormalizedText();

        var normal = With("(confluent.field_meta) = { tags: [\"A\", \"B\"], doc: \"d\", params { key: \"x\" value: \"1\" } params { key: \"y\" } }, deprecated = true");

        With("deprecated = true, (confluent.field_meta).doc = \"d\", (confluent.field_meta).tags = \"A\", (confluent.field_meta).tags = \"B\", "
            + "(confluent.field_meta).params = { key: \"y\" value: \"\" }, (.confluent.field_meta).params = { key: \"x\", value: \"1\" }").ShouldBe(normal);
    }

    [Fact]
    public void A_name_that_a_field_hides_from_an_extension_is_written_in_full_there()
    {
        // A field's type is looked for among types, what is extended among everything.
        const string Text = """
            syntax = "proto2";

            message T {
              extensions 100 to 200;
            }

            message M {
              optional T T = 1;
              extend .T {
                optional int32 x = 100;
              }
            }

            """;

        ProtoSchema.Parse(Text).ToText().ShouldBe(Text);
        ProtoSchema.Parse(ProtoSchema.Parse(Text).ToNormalizedText()).ToText().ShouldBe(Text);
    }

    [Fact]
    public void Messages_keep_their_order_because_the_wire_names_them_by_it()
    {
        var text = ProtoSchema.Parse("syntax = \"proto3\"; message B { message Z {} message Y {} } message A {}").ToNormalizedText();
        text.IndexOf("message B", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("message A", StringComparison.Ordinal));
        text.IndexOf("message Z", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("message Y", StringComparison.Ordinal));
    }

    [Fact]
    public void The_default_of_an_enum_stays_its_first_value()
    {
        var text = ProtoSchema.Parse("syntax = \"proto2\"; enum E { FIVE = 5; ONE = 1; MINUS = -1; }").ToNormalizedText();
        text.ShouldContain("FIVE = 5;\n  MINUS = -1;\n  ONE = 1;");
    }

    [Fact]
    public void Without_extensions_neither_ranges_nor_declarations_are_printed()
    {
        var schema = ProtoSchema.Parse(
            "syntax = \"proto2\"; message A { extensions 10 to 20; optional int32 a = 1; extend A { optional int32 b = 10; } } extend A { optional group G = 11 { } }");
        schema.ToTextWithoutExtensions().ShouldBe("syntax = \"proto2\";\n\nmessage A {\n  optional int32 a = 1;\n}\n");
    }

    [Fact]
    public void Text_and_descriptor_give_the_same_text()
    {
        var schema = ProtoSchema.Parse("syntax = \"proto3\"; package p; message A { map<string, A> m = 1; optional A a = 2; }");
        ProtoSchema.ParseDescriptor(schema.ToBase64()).ToText().ShouldBe(schema.ToText());
    }

    [Fact]
    public void The_first_message_names_the_schema()
    {
        ProtoSchema.Parse("syntax = \"proto3\"; package p.q; enum E { Z = 0; } message B {} message A {}").FirstMessageName.ShouldBe("p.q.B");
        ProtoSchema.Parse("syntax = \"proto3\"; message B {}").FirstMessageName.ShouldBe("B");
        ProtoSchema.Parse("syntax = \"proto3\"; enum E { Z = 0; }").FirstMessageName.ShouldBeNull();
    }
}
