using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Tests.Notation;

public sealed class DefinitionParserTests
{
    private const string PinTopic = """
        // Pins topics.
        request 900 PinTopic   versions 0-3   flexible 2+
          Topic       string                           // topic to pin
          Reason      string?    1+       = null
          Mode        int8       0-1      = -1
          Partitions  []PartitionPin?2+
            Index     int32
            Leader    Node       2+       tag 0
          struct Node
            NodeId    int32
        """;

    [Fact]
    public void Parse_WhenDefinitionIsWhole_KnowsVersionsNullsTagsAndDefaults()
    {
        var file = DefinitionParser.Parse(PinTopic);

        file.Errors.ShouldBeEmpty();
        var message = file.Messages.ShouldHaveSingleItem();
        message.ClassName.ShouldBe("PinTopicRequest");
        message.Doc.ShouldBe("Pins topics.");
        message.Versions.ToString().ShouldBe("0-3");
        message.Flexible.ToString().ShouldBe("2-3");
        Show(message.Root).ShouldBe([
            "Topic string 0-3 null:none",
            "Reason string 1-3 null:1-3 = null",
            "Mode int8 0-1 null:none = -1",
            "Partitions []PartitionPin 0-3 null:2-3",
        ]);
        Show(message.Structs[0]).ShouldBe(["Index int32 0-3 null:none", "Leader Node 2-3 null:none tag 0"]);
        Show(message.Structs[1]).ShouldBe(["NodeId int32 2-3 null:none"]);
        message.Root.Fields[0].Doc.ShouldBe("topic to pin");
    }

    [Fact]
    public void Parse_WhenTextDiffersOnlyInSpaces_IsEqual() =>
        DefinitionParser.Parse(PinTopic.Replace("900 PinTopic   versions", "900  PinTopic versions", StringComparison.Ordinal))
            .ShouldBe(DefinitionParser.Parse(PinTopic));

    [Fact]
    public void Parse_WhenAStructIsUsedTwice_HasTheVersionsOfBothUses()
    {
        var file = DefinitionParser.Parse("""
            data Pair   versions 0-5
              Old   Leaf   0-1
                Id  int32
              New   Leaf   4+
            """);

        file.Errors.ShouldBeEmpty();
        file.Messages[0].Structs.ShouldHaveSingleItem().Versions.ToString().ShouldBe("0-5");
    }

    [Theory]
    [InlineData("wish 1 A versions 0", 0, "expected request, response, record or data")]
    [InlineData("request A versions 0", 0, "expected a number after 'request'")]
    [InlineData("request 1 a versions 0", 0, "PascalCase")]
    [InlineData("request 1 A", 0, "expected 'versions'")]
    [InlineData("request 1 A versions 3-1", 0, "expected 'versions'")]
    [InlineData("request 1 A versions 0+", 0, "a message has a last version")]
    [InlineData("request 1 A versions 0 flexible maybe", 0, "does not belong here|expected 'flexible'")]
    [InlineData("request 1 A versions 0 flexible 0+ today", 0, "'today' does not belong here")]
    [InlineData("  Topic string", 0, "stands outside of a message")]
    [InlineData("request 1 A versions 0\n   Topic string", 1, "indented by 3 spaces")]
    [InlineData("request 1 A versions 0\n    Topic string", 1, "indented by 4 spaces: expected 2")]
    [InlineData("request 1 A versions 0\n  topic string", 1, "not a field name in PascalCase")]
    [InlineData("request 1 A versions 0\n  Topic", 1, "expected a type after Topic")]
    [InlineData("request 1 A versions 0\n  Topic string?x", 1, "expected a type after Topic")]
    [InlineData("request 1 A versions 0\n  Topic string 0+ always", 1, "'always' does not belong here")]
    [InlineData("request 1 A versions 0\n  Topic string tag x", 1, "'tag' does not belong here")]
    [InlineData("request 1 A versions 0\n  struct", 1, "expected 'struct Name'")]
    public void Parse_WhenALineIsNotInTheNotation_SaysWhichAndWhy(string text, int line, string expected) =>
        ExpectError(text, ErrorKind.Syntax, line, expected);

    [Theory]
    [InlineData("data A versions 0\n  B int3", 1, "expected a type", ErrorKind.Syntax)]
    [InlineData("data A versions 0\n  B Other", 1, "neither a primitive type", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B int32\n  B int8", 2, "B is there twice", ErrorKind.Meaning)]
    [InlineData("data A versions 0-3\n  B int32 4+", 1, "in no version of A", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B int32?", 1, "int32 cannot be null", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B string = null", 1, "null is no default", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B string = x", 1, "no other default than null", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B int8 = 128", 1, "'128' is no value of int8", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B bool = yes", 1, "'yes' is no value of bool", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B int32 tag 0", 1, "only flexible versions have tagged fields", ErrorKind.Meaning)]
    [InlineData("data A versions 0-3 flexible 2+\n  B int32 1+ tag 0", 1, "before 2, the first flexible one", ErrorKind.Meaning)]
    [InlineData("data A versions 0 flexible 0+\n  B int32 tag 0\n  C int32 tag 0", 2, "tag 0 is there twice", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B int32\n    C int32", 1, "int32 has no fields", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  struct B\n    C int32", 1, "no field is of struct B", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B []Leaf\n    X int32\n  C []Leaf\n    X int32", 3, "Leaf is defined twice", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B []Leaf\n    Next []Leaf", 1, "the struct holds itself", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  Leaf []Leaf\n    X int32", 1, "name one of the two otherwise", ErrorKind.Meaning)]
    [InlineData("data A versions 0\n  B []Leaf\n    Leaf int32", 2, "cannot have the name of its struct", ErrorKind.Meaning)]
    [InlineData("data A versions 0\ndata A versions 0", 1, "A is defined twice in this file", ErrorKind.Meaning)]
    [InlineData("request 1 A versions 0-1\nresponse 1 A versions 0-2", 1, "differs from its request", ErrorKind.Meaning)]
    public void Parse_WhenADefinitionContradictsItself_SaysWhereAndWhy(string text, int line, string expected, object kind) =>
        ExpectError(text, (ErrorKind)kind, line, expected);

    [Fact]
    public void Parse_WhenSeveralLinesAreWrong_NamesThemAll() =>
        DefinitionParser.Parse("data A versions 0\n  B int32 = x\n  c int32\n  D Other").Errors
            .Select(error => error.Line).ShouldBe([1, 2, 3]);

    private static void ExpectError(string text, ErrorKind kind, int line, string expected)
    {
        var errors = DefinitionParser.Parse(text).Errors;
        errors.ShouldContain(error =>
            error.Kind == kind && error.Line == line && expected.Split('|').Any(part => error.Text.Contains(part, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Show(StructDefinition type) =>
        type.Fields.Select(field =>
            $"{field.Name} {field.Type} {field.Versions} null:{field.Nullable}"
            + (field.Tag is { } tag ? $" tag {tag}" : "")
            + (field.Default is { } value ? $" = {value}" : ""));
}
