using System.Text;
using SchemaStream.Json.Validation;

namespace SchemaStream.Json.Tests.Validation;

/// <summary>Data and schemas that are made to hurt get an answer, within bounds, as a violation.</summary>
public sealed class HostileDataTests
{
    private const string Valid = "valid";

    [Fact]
    public void SchemasThatDoubleAtEachLevel_EndAtTheSteps()
    {
        const string Doubling = """{"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}}}""";

        Violation(Doubling, string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40))
            .ShouldContain("takes more than 5000000 steps");
    }

    [Fact]
    public void SchemaThatRefersToItselfOnTheSameValue_EndsAtTheDepth() =>
        Violation("""{"allOf": [{"$ref": "#"}]}""", "1").ShouldContain("leads through more than 500 schemas");

    [Fact]
    public void Pattern_ThatWouldTryForEver_IsCutOff() =>
        Violation("""{"pattern": "^(?=(a+)+$)b"}""", $"\"{new string('a', 40)}!\"").ShouldContain("takes longer than 100 ms");

    [Fact]
    public void Pattern_ThatLooksTheSame_ButNeedsNoTrying_IsAnswered() =>
        Violation("""{"pattern": "^(a+)+$"}""", $"\"{new string('a', 40)}!\"").ShouldContain("does not match");

    [Fact]
    public void DeepData_IsRefused() =>
        Violation("{}", new string('[', 65) + new string(']', 65)).ShouldContain("nests deeper than 64 levels");

    [Fact]
    public void LongNumbers_AreRefused_AndOthersAreComparedExactly()
    {
        Violation("{}", new string('1', 1001)).ShouldContain("a number of 1001 characters");
        Violation("""{"maximum": 9007199254740993}""", "9007199254740994").ShouldContain("too large", customMessage: "as doubles both are the same");
        Violation("""{"multipleOf": 0.01}""", "19.99").ShouldBe(Valid, "as doubles it would be none");
        Violation("""{"maximum": 1e400}""", "1e401").ShouldContain("too large");
        Violation("""{"type": "integer"}""", "1e3").ShouldBe(Valid);
        Violation("""{"const": 1.0}""", "1").ShouldBe(Valid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("\"\\uD800\"", """{"minLength": 1}""")]
    [InlineData("{\"a\":1,}")]
    public void WhatIsNoJson_IsAViolation(string text, string schema = "{}") => Violation(schema, text).ShouldNotBe(Valid);

    [Fact]
    public void BytesThatAreNoUtf8_AreAViolation() =>
        new JsonSchemaValidator(JsonSchema.Parse("{}")).Validate([0x22, 0xC3, 0x28, 0x22])!.Message.ShouldBe("is not UTF-8");

    [Fact]
    public void Pattern_ThatCannotBeRead_IsRefusedBeforeAnyData() =>
        Should.Throw<JsonSchemaException>(() => new JsonSchemaValidator(JsonSchema.Parse("""{"pattern": "\\p{Klingon}"}""")))
            .Message.ShouldContain("cannot be matched here");

    [Theory]
    [InlineData("^\\d$", "\u0664", false)]
    [InlineData("^\\w$", "é", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^a.b$", "a\u2028b", false)]
    [InlineData("^[\\w.]+$", "a.b", true)]
    [InlineData("^[[]$", "[", true)]
    [InlineData("^\\$$", "$", true)]
    [InlineData("^\\u{41}$", "A", true)]
    [InlineData("^\\D\\W$", "a-", true)]
    public void Patterns_MeanWhatTheyMeanInEcmaScript(string pattern, string text, bool matches) =>
        (Violation(
            System.Text.Json.JsonSerializer.Serialize(new { pattern }), System.Text.Json.JsonSerializer.Serialize(text)) == Valid).ShouldBe(matches);

    [Fact]
    public void ManyItems_ThatHaveToDiffer_AreComparedOnce()
    {
        var items = string.Join(",", Enumerable.Range(0, 50_000));

        Violation("""{"uniqueItems": true}""", $"[{items}]").ShouldBe(Valid);
        Violation("""{"uniqueItems": true}""", $"[{items},0.0]").ShouldContain("has an item twice");
        Violation("""{"uniqueItems": true}""", """["a", "\u0061"]""").ShouldContain("has an item twice");
        Violation("""{"uniqueItems": true}""", """[{"a":1,"b":2}, {"b":2.0,"a":1}]""").ShouldContain("has an item twice");
    }

    [Theory]
    [InlineData("""{"properties": {"a/b": {"items": [{}, {"type": "null"}]}}}""", """{"x":[],"a/b":[1,2]}""", "/a~1b/1", "#/properties/a~1b/items/1/type")]
    [InlineData("""{"additionalProperties": false}""", """{"x":1}""", "/x", "#/additionalProperties")]
    [InlineData("""{"propertyNames": {"maxLength": 1}}""", """{"x":1,"xy":2}""", "/xy", "#/propertyNames/maxLength")]
    [InlineData("""{"dependencies": {"a": ["b"]}}""", """{"a":1}""", "", "#/dependencies")]
    public void Violation_NamesThePlaceInTheData_AndInTheSchema(string schema, string data, string instance, string place)
    {
        var violation = new JsonSchemaValidator(JsonSchema.Parse(schema)).Validate(Encoding.UTF8.GetBytes(data)).ShouldNotBeNull();

        (violation.InstancePointer, violation.SchemaPointer).ShouldBe((instance, place));
    }

    [Fact]
    public void Validate_AllocatesNothing_ForWhatFollowsTheSchema()
    {
        var validator = new JsonSchemaValidator(JsonSchema.Parse(
            """{"properties": {"a": {"oneOf": [{"type": "null"}, {"pattern": "^x\\d+$", "maxLength": 3}]}, "b": {"items": {"minimum": 0.5, "multipleOf": 0.5}}}, "required": ["a"]}"""));
        var data = """{"a":"x12","b":[1,2.5],"c":{"d":[]}}"""u8.ToArray();
        validator.Validate(data).ShouldBeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            validator.Validate(data);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Violation(string schema, string data) =>
        new JsonSchemaValidator(JsonSchema.Parse(schema)).Validate(Encoding.UTF8.GetBytes(data))?.ToString() ?? Valid;
}
