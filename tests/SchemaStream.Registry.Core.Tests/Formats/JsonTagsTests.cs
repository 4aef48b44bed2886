using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core.Tests.Formats;

public sealed class JsonTagsTests
{
    private const string Person =
        """
        {
          "type": "object",
          "title": "Person",
          "properties": {
            "name": {"type": "string"},
            "a.b": {"type": "string"},
            "lines": {"type": "array", "items": {"type": "object", "properties": {"price": {"type": "number", "multipleOf": 0.010}}}},
            "either": {"oneOf": [{"type": "string"}, {"type": "object", "properties": {"deep": {"type": "string"}}}]},
            "never": {"not": {"type": "object", "properties": {"secret": {"type": "string"}}}},
            "maybe": {"type": ["null", "object"], "properties": {"inner": {"type": "string"}}}
          },
          "if": {"properties": {"name": {"const": "x"}}},
          "then": {"required": ["lines"]},
          "definitions": {"Card": {"type": "object", "properties": {"number": {"type": "string"}}}}
        }
        """;

    public static TheoryData<string, SchemaEntityType> Parts() => new()
    {
        { "allof.1.object", SchemaEntityType.Record },
        { "allof.1.object.name", SchemaEntityType.Field },
        { "allof.1.object.a.b", SchemaEntityType.Field },
        { "allof.1.object.lines", SchemaEntityType.Field },
        { "allof.1.object.lines.array.object", SchemaEntityType.Record },
        { "allof.1.object.lines.array.object.price", SchemaEntityType.Field },
        { "allof.1.object.either.oneof.1.object", SchemaEntityType.Record },
        { "allof.1.object.either.oneof.1.object.deep", SchemaEntityType.Field },
        { "allof.1.object.never.not.object.secret", SchemaEntityType.Field },
        { "allof.1.object.maybe.anyof.1.object.inner", SchemaEntityType.Field },
        { "allof.0.conditional.if.object", SchemaEntityType.Record },
        { "allof.0.conditional.if.object.name", SchemaEntityType.Field },
        { "allof.1.object.definitions.Card.object", SchemaEntityType.Record },
        { "allof.1.object.definitions.Card.object.number", SchemaEntityType.Field },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Tags_OfEveryPart_AreWrittenFoundAndTakenAway(string path, SchemaEntityType type)
    {
        EntityTags[] tags = [new(path, type, ["PII", "B"])];

        var text = Parse(Person).WithTags(tags, []).ShouldBeOk();

        var found = Parse(text).InlineTags.ShouldHaveSingleItem();
        (found.EntityPath, found.Type).ShouldBe((path, type));
        found.Tags.ShouldBe(["PII", "B"]);
        Parse(text).WithTags([new(path, type, ["B", "C"])], [new(path, type, ["PII"])]).ShouldBeOk().ShouldContain("[\"B\",\"C\"]");
        Parse(text).WithTags([], tags).ShouldBeOk().ShouldBe(Parse(Person).StoredText);
    }

    [Theory]
    [InlineData("object.nothing", SchemaEntityType.Field)]
    [InlineData("object.name", SchemaEntityType.Record)]
    [InlineData("object", SchemaEntityType.Field)]
    [InlineData("object.definitions.Card", SchemaEntityType.Field)]
    [InlineData("object.either.oneof.7.object", SchemaEntityType.Record)]
    [InlineData("object.either.oneof.x.object", SchemaEntityType.Record)]
    [InlineData("object.lines.array", SchemaEntityType.Field)]
    [InlineData("conditional", SchemaEntityType.Record)]
    [InlineData("", SchemaEntityType.Record)]
    public void WithTags_WhereNothingIs_IsRefused(string path, SchemaEntityType type) =>
        Parse(Person).WithTags([new EntityTags(path, type, ["A"])], []).ShouldBeRefused()
            .Message.ShouldContain($"'{path}'");

    [Fact]
    public void WithTags_OfAnEndlessPath_IsRefused() =>
        Parse(Person).WithTags([new EntityTags("object." + new string('.', 1_000_000), SchemaEntityType.Field, ["A"])], [])
            .ShouldBeRefused().Message.Length.ShouldBeLessThan(5000);

    [Fact]
    public void InlineTags_OfHugePaths_AreLeftOut()
    {
        var leaves = string.Join(',', Enumerable.Range(0, 2000).Select(n => $$"""{"type":"object","confluent:tags":["T"],"title":"{{n}}"}"""));
        var name = new string('n', 400_000);
        var huge = $$"""{"anyOf":[{{leaves}}]}""";
        const string tagged = """{"confluent:tags":["A"]}""";
        var text = $"{{\"type\":\"object\",\"properties\":{{\"{name}\":{huge},\"ok\":{tagged}}}}}";

        Parse(text).InlineTags.ShouldHaveSingleItem().EntityPath.ShouldBe("object.ok");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("""{"type":"string","confluent:tags":["A"]}""")]
    public void InlineTags_OfNoObject_AreNone(string text)
    {
        Parse(text).InlineTags.ShouldBeEmpty();
        Parse(text).WithTags([new EntityTags("object.a", SchemaEntityType.Field, ["A"])], []).ShouldBeRefused();
    }

    private static ParsedSchema Parse(string text) => new JsonFormat().Parse(text, [], SchemaStrictness.Lenient).ShouldBeOk();
}
