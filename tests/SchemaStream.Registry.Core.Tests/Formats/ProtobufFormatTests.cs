using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core.Tests.Formats;

public sealed class ProtobufFormatTests
{
    private const string Order = "syntax = \"proto3\";\npackage acme;\n\nmessage Order {\n  string id = 1;\n}\n";

    private static readonly ProtobufFormat Format = new();

    [Fact]
    public void Parse_TextOrDescriptor_IsOneSchema()
    {
        var text = Parse(Order);

        var descriptor = Parse(text.TextAs("serialized"));

        descriptor.StoredText.ShouldBe(Order);
        descriptor.NormalizedText.ShouldBe(text.NormalizedText);
        descriptor.TypeName.ShouldBe("acme.Order");
        descriptor.TextAs("serialized").ShouldBe(text.TextAs("serialized"));
        Parse(text.TextAs("serialized").Insert(20, "\r\n")).StoredText.ShouldBe(Order);
    }

    [Fact]
    public void Parse_Refusal_NamesLineAndColumn()
    {
        var refusal = Format.Parse("syntax = \"proto3\";\nmessage A {\n  strin id = 1;\n}", [], SchemaStrictness.Strict).ShouldBeRefused();

        refusal.Code.ShouldBe(ErrorCodes.InvalidSchema);
        refusal.Message.ShouldStartWith("Invalid Protobuf schema: 3:3: ");
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("AAA")]
    [InlineData("nonsense")]
    [InlineData("edition = \"2023\"; message A {}")]
    public void Parse_NeitherTextNorDescriptor_IsRefused(string text) =>
        Format.Parse(text, [], SchemaStrictness.Lenient).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);

    [Fact]
    public void Parse_FileWithoutMessages_HasNoTypeName() =>
        Parse("syntax = \"proto3\"; enum E { E0 = 0; }").TypeName.ShouldBeNull();

    [Fact]
    public void Parse_References_AreFoundByTheirImportPath()
    {
        const string Text = "syntax = \"proto3\"; import \"common/money.proto\"; message A { common.Money m = 1; }";
        var money = new ResolvedReference("common/money.proto", "syntax = \"proto3\"; package common; message Money { int64 units = 1; }");

        Parse(Text, money).StoredText.ShouldContain("import \"common/money.proto\";");
        Parse(Text, money with { Text = Parse(money.Text).TextAs("serialized") }).StoredText.ShouldBe(Parse(Text, money).StoredText);
        Format.Parse(Text, [], SchemaStrictness.Strict).ShouldBeRefused().Message.ShouldContain("\"common/money.proto\"");
        Format.Parse(Text, [money with { Name = "money.proto" }], SchemaStrictness.Strict).ShouldBeRefused();
        Format.Parse(Text, [money with { Text = "message" }], SchemaStrictness.Strict).ShouldBeRefused();
    }

    [Fact]
    public void Parse_OnePathInTwoVersions_IsTheFirst()
    {
        var schema = Parse(
            "syntax = \"proto3\"; import \"b.proto\"; message A { B b = 1; }",
            new ResolvedReference("b.proto", "syntax = \"proto3\"; message B { int32 first = 1; }"),
            new ResolvedReference("b.proto", "syntax = \"proto3\"; message C {}"));

        schema.TypeName.ShouldBe("A");
    }

    [Fact]
    public void TextAs_WithoutExtensions_DropsThemAlone()
    {
        var schema = Parse("syntax = \"proto2\"; message A { optional int32 a = 1; extensions 100 to 200; } extend A { optional int32 x = 100; }");

        schema.StoredText.ShouldContain("extend A");
        schema.TextAs("ignore_extensions").ShouldNotContain("extend A");
        schema.TextAs("ignore_extensions").ShouldContain("optional int32 a = 1;");
        schema.TextAs("something else").ShouldBe(schema.StoredText);
    }

    [Theory]
    [InlineData(
        "message A { int32 a = 1; }",
        "message A { string a = 1; }",
        "{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"The scalar field at path '#/A/1' in the new schema is not written as in the old schema\"}")]
    [InlineData(
        "package a; message A {}",
        "package b; message A {}",
        "{errorType:\"PACKAGE_CHANGED\", description:\"The package at path '#/' in the new schema is not the package in the old schema\"}")]
    [InlineData(
        "message A {} message B {}",
        "message A {}",
        "{errorType:\"MESSAGE_REMOVED\", description:\"The message at path '#/B' in the old schema is missing in the new schema\"}")]
    [InlineData(
        "message A { oneof o { int32 a = 1; int32 b = 2; } }",
        "message A { oneof o { int32 a = 1; } }",
        "{errorType:\"ONEOF_FIELD_REMOVED\", description:\"The oneof field at path '#/A/o/2' in the old schema is missing in the new schema\"}")]
    public void Describe_HasConfluentsLayout(string old, string now, string expected)
    {
        var (writer, reader) = (Parse("syntax = \"proto3\"; " + old), Parse("syntax = \"proto3\"; " + now));

        Format.CheckReads(reader, writer, CompatibilityPolicy.Strict)
            .Select(violation => Format.Describe(violation, ReaderRole.NewReadsOld)).ShouldBe([expected]);

        // As FORWARD asks: the writer is the new one.
        Format.CheckReads(reader, writer, CompatibilityPolicy.Strict)
            .Select(violation => Format.Describe(violation, ReaderRole.OldReadsNew))
            .ShouldBe([expected.Replace("new", "?", StringComparison.Ordinal).Replace("old", "new", StringComparison.Ordinal).Replace("?", "old", StringComparison.Ordinal)]);
    }

    [Fact]
    public void CheckReads_Policy_ChangesNothing()
    {
        var (writer, reader) = (Parse("syntax = \"proto3\"; message A { int32 a = 1; }"), Parse("syntax = \"proto3\"; message A { double a = 1; }"));

        Enum.GetValues<CompatibilityPolicy>()
            .ShouldAllBe(policy => Format.CheckReads(reader, writer, policy).Count == 1 && Format.CheckReads(reader, reader, policy).Count == 0);
    }

    [Fact]
    public void Tags_OfMessagesAndFields_AreReadFromTheText() => Parse(
        """
        syntax = "proto3";
        package acme;
        import "confluent/meta.proto";
        message Order {
          option (confluent.message_meta).tags = "CORE";
          string id = 1 [(confluent.field_meta) = { doc: "who", tags: ["PII", "KEY"] }];
          string note = 2;
          message Line { oneof what { string sku = 1 [(confluent.field_meta).tags = "SKU"]; } }
        }
        """).InlineTags.Select(tags => $"{tags.EntityPath} {tags.Type} {string.Join(',', tags.Tags)}")
        .ShouldBe(["Order Record CORE", "Order.id Field PII,KEY", "Order.Line.sku Field SKU"]);

    [Fact]
    public void Tags_AreAddedThenRemoved_AndTheRestOfTheTextStays()
    {
        var schema = Parse(Order);

        var tagged = Parse(schema.WithTags([Field("Order.id", "PII", "KEY", "PII"), Record(".acme.Order", "CORE")], [Field("Order.id", "KEY")]).ShouldBeOk());

        tagged.StoredText.ShouldContain("import \"confluent/meta.proto\";");
        tagged.InlineTags.Select(tags => $"{tags.EntityPath} {string.Join(',', tags.Tags)}").ShouldBe(["Order CORE", "Order.id PII"]);
        tagged.WithTags([Field("acme.Order.id", "PII")], []).ShouldBeOk().ShouldBe(tagged.StoredText);
        Parse(tagged.WithTags([], [Field("Order.id", "PII", "NONE"), Record("Order", "CORE")]).ShouldBeOk()).InlineTags.ShouldBeEmpty();
        schema.WithTags([], []).ShouldBeOk().ShouldBe(Order);
    }

    [Fact]
    public void Tags_BesideOtherOptions_LeaveThemAsTheyAre()
    {
        var schema = Parse(
            """
            syntax = "proto3";
            import "confluent/meta.proto";
            message A {
              string a = 1 [deprecated = true, (confluent.field_meta) = { doc: "why", params: [{ key: "k", value: "v" }], tags: "OLD" }];
            }
            """);

        var text = schema.WithTags([Field("A.a", "NEW")], [Field("A.a", "OLD")]).ShouldBeOk();

        text.ShouldContain("deprecated = true");
        text.ShouldContain("why");
        text.ShouldContain("\"v\"");
        Parse(text).InlineTags.ShouldHaveSingleItem().Tags.ShouldBe(["NEW"]);
    }

    [Fact]
    public void Tags_OfManyParts_CostWhatTheyAreMany()
    {
        const int Count = 20_000;
        var fields = string.Concat(Enumerable.Range(0, Count).Select(static i => FormattableString.Invariant($"int32 f{i} = {i + 20_000};")));
        var schema = Parse($"syntax = \"proto3\"; message A {{ {fields} }}");

        Parse(schema.WithTags([.. Enumerable.Range(0, Count).Select(static i => Field($"A.f{i}", "T"))], []).ShouldBeOk())
            .InlineTags.Count.ShouldBe(Count);
        Parse(schema.WithTags([.. Enumerable.Range(0, Count).Select(static i => Field("A.f0", $"T{i}"))], []).ShouldBeOk())
            .InlineTags.ShouldHaveSingleItem().Tags.Count.ShouldBe(Count);
    }

    [Theory]
    [InlineData("Nobody", SchemaEntityType.Record)]
    [InlineData("Order.nothing", SchemaEntityType.Field)]
    [InlineData("Order.id", SchemaEntityType.Record)]
    [InlineData("id", SchemaEntityType.Field)]
    [InlineData("", SchemaEntityType.Field)]
    public void Tags_OfWhatIsNotThere_AreRefused(string path, SchemaEntityType type) =>
        Parse(Order).WithTags([new EntityTags(path, type, ["A"])], []).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);

    [Fact]
    public void Tags_WhereTheOptionsNumberIsSomebodyElses_AreNone() => Parse(
        "syntax = \"proto2\"; import \"confluent/meta.proto\"; message A { optional string a = 1 [(mine) = 7]; }",
        new ResolvedReference(
            "confluent/meta.proto",
            "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { optional int32 mine = 1088; }"))
        .InlineTags.ShouldBeEmpty();

    private static EntityTags Field(string path, params string[] tags) => new(path, SchemaEntityType.Field, tags);

    private static EntityTags Record(string path, params string[] tags) => new(path, SchemaEntityType.Record, tags);

    private static ParsedSchema Parse(string text, params ResolvedReference[] references) =>
        Format.Parse(text, references, SchemaStrictness.Strict).ShouldBeOk();
}
