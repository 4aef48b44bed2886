using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests.Parsing;

/// <summary>What a refusal says, and where it points.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("syntax = \"proto3\";\nmessage A {\n  int32 a = 1\n}", 4, 1, "Expected \";\".")]
    [InlineData("syntax = \"proto3\";\nmessage A {\n  Unknown a = 1;\n}", 3, 3, "\"Unknown\" is not defined.")]
    [InlineData("syntax = \"proto3\";\nmessage A { int32 a = 1; int32 b = 1; }", 2, 36, "already been used")]
    [InlineData("syntax = \"proto3\";\noption java_package = 5;", 2, 23, "quoted string")]
    [InlineData("syntax = \"proto3\";\n\n  import \"x.proto\";", 3, 10, "was not found")]
    [InlineData("syntax = \"proto3\";\nenum E { A = 1; }", 2, 14, "must be zero")]
    [InlineData("syntax = \"proto2\";\nmessage A { optional int32 a = 1 [default = 3000000000]; }", 2, 45, "out of range")]
    [InlineData("edition = \"2023\";\nmessage A {}", 1, 1, "Editions are not supported")]
    public void Names_line_and_column(string text, int line, int column, string message)
    {
        var exception = Should.Throw<ProtoSchemaException>(() => ProtoSchema.Parse(text));
        (exception.Line, exception.Column).ShouldBe((line, column), exception.Message);
        exception.Message.ShouldContain(message);
        exception.File.ShouldBeNull();
    }

    [Fact]
    public void Names_the_import_that_is_at_fault()
    {
        var import = ProtoImport.FromText("b.proto", "syntax = \"proto3\";\nmessage B { C c = 1; }");
        var exception = Should.Throw<ProtoSchemaException>(() => ProtoSchema.Parse("syntax = \"proto3\"; import \"b.proto\";", [import]));
        exception.File.ShouldBe("b.proto");
        exception.Message.ShouldStartWith("b.proto: 2:13: \"C\" is not defined.");
    }

    [Fact]
    public void An_import_that_nothing_imports_is_not_read() =>
        ProtoSchema.Parse("syntax = \"proto3\";", [ProtoImport.FromText("b.proto", "no schema at all")]).Dependencies.ShouldBeEmpty();

    [Fact]
    public void Says_which_import_would_bring_a_name()
    {
        var hidden = ProtoImport.FromText("a.proto", "syntax = \"proto3\"; package p; message Hidden {}");
        var between = ProtoImport.FromText("b.proto", "syntax = \"proto3\"; import \"a.proto\";");
        Should.Throw<ProtoSchemaException>(() => ProtoSchema.Parse(
                "syntax = \"proto3\"; import \"b.proto\"; message A { p.Hidden h = 1; }", [hidden, between]))
            .Message.ShouldContain("seems to be defined in \"a.proto\", which is not imported");
    }

    [Theory]
    [InlineData("not base64 !")]
    [InlineData("AAAA")]
    public void What_is_no_descriptor_is_refused(string base64) =>
        Should.Throw<ProtoSchemaException>(() => ProtoSchema.ParseDescriptor(base64));

    [Fact]
    public void A_descriptor_of_an_edition_is_refused()
    {
        var file = new FileDescriptorProto { Name = "a", Syntax = "editions", Edition = Edition._2023 };
        Should.Throw<ProtoSchemaException>(() => ProtoSchema.ParseDescriptor(Convert.ToBase64String(file.ToByteArray())))
            .Message.ShouldContain("Editions are not supported");
    }

    [Fact]
    public void A_descriptor_with_relative_names_and_options_as_written_is_linked()
    {
        var option = new UninterpretedOption
        {
            Name = { new UninterpretedOption.Types.NamePart { NamePart_ = "deprecated", IsExtension = false } }, IdentifierValue = "true",
        };
        var field = new FieldDescriptorProto
        {
            Name = "self", Number = 1, TypeName = "A", Options = new FieldOptions { UninterpretedOption = { option } },
        };
        var file = new FileDescriptorProto
        {
            Name = "a", Syntax = "proto3", Package = "p", MessageType = { new DescriptorProto { Name = "A", Field = { field } } },
        };

        var linked = ProtoSchema.FromFile(file).File.MessageType[0].Field[0];

        linked.TypeName.ShouldBe(".p.A");
        linked.Type.ShouldBe(FieldDescriptorProto.Types.Type.Message);
        linked.Options.Deprecated.ShouldBeTrue();
        linked.JsonName.ShouldBe("self");
        field.TypeName.ShouldBe("A", "the descriptor given is not changed");
    }

    [Fact]
    public void Carriage_returns_and_a_byte_order_mark_are_blanks()
    {
        var schema = ProtoSchema.Parse("\uFEFFsyntax = \"proto3\";\r\nmessage A {\r\n\tint32 a = 1; // one\r\n}\r\n");
        schema.File.MessageType[0].Field[0].Number.ShouldBe(1);
    }
}
