using SchemaStream.Json.Compatibility;

namespace SchemaStream.Json.Tests.Schemas;

/// <summary>References that lead to other texts. Where one leads is seen by what a comparison finds there.</summary>
public sealed class ReferencesTests
{
    private const string Integer = """{"type":"integer"}""";

    [Theory]
    [InlineData("number.json", "{\"$ref\":\"number.json\"}")]
    [InlineData("number.json", "{\"$id\":\"http://example.com/root.json\",\"$ref\":\"number.json\"}")]
    [InlineData("http://example.com/number.json", "{\"$id\":\"http://example.com/root.json\",\"allOf\":[{\"$ref\":\"number.json\"}]}")]
    [InlineData("http://example.com/number.json", "{\"$ref\":\"http://example.com/number.json#\"}")]
    [InlineData("urn:example:number", "{\"$ref\":\"urn:example:number\"}")]
    [InlineData("types/number.json", "{\"$ref\":\"./types/number.json\"}")]
    [InlineData("Zahl ü.json", "{\"$ref\":\"Zahl%20%C3%BC.json\"}")]
    public void Reference_IsFoundByItsName(string name, string text) => Leads(text, new JsonSchemaReference(name, Integer));

    [Fact]
    public void Reference_IsFoundByTheIdOfAnotherText() => Leads(
        """{"$ref":"http://example.com/number"}""",
        new JsonSchemaReference("whatever.json", """{"$id":"http://example.com/number","type":"integer"}"""));

    [Fact]
    public void Reference_LeadsIntoAnotherText() => Leads(
        """{"$ref":"numbers.json#/definitions/whole"}""",
        new JsonSchemaReference("numbers.json", """{"definitions":{"whole":{"type":"integer"}}}"""));

    [Fact]
    public void Reference_LeadsToAnAnchorOfAnotherText() => Leads(
        """{"$ref":"numbers.json#whole"}""",
        new JsonSchemaReference(
            "numbers.json",
            """{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"w":{"$anchor":"whole","type":"integer"}}}"""));

    [Fact]
    public void ReferencesOfAReference_StartFromThere() => Leads(
        """{"$ref":"http://example.com/a/one.json"}""",
        new JsonSchemaReference("http://example.com/a/b/two.json", Integer),
        new JsonSchemaReference("http://example.com/a/one.json", """{"$ref":"b/two.json"}"""));

    [Fact]
    public void ReferencesOfAReferenceWithABaseOfItsOwn_AreFoundByTheirNamesToo() => Leads(
        """{"$ref":"one.json"}""",
        new JsonSchemaReference("two.json", Integer),
        new JsonSchemaReference("one.json", """{"$id":"http://elsewhere.example/one","$ref":"two.json"}"""));

    [Fact]
    public void HashOfAReference_MeansThatText() => Leads(
        """{"$ref":"one.json"}""",
        new JsonSchemaReference("one.json", """{"definitions":{"n":{"type":"integer"}},"$ref":"#/definitions/n"}"""));

    [Fact]
    public void TextThatNobodyRefersTo_IsNotEvenRead() =>
        JsonSchema.Parse("{}", [new JsonSchemaReference("broken.json", "{")]).ToJson().ShouldBe("{}");

    [Fact]
    public void TextThatIsReferredTo_MustBeASchema()
    {
        Should.Throw<JsonSchemaException>(() => JsonSchema.Parse("""{"$ref":"a.json"}""", [new JsonSchemaReference("a.json", "{")]))
            .Message.ShouldContain("not JSON");
        Should.Throw<JsonSchemaException>(() => JsonSchema.Parse("""{"$ref":"a.json"}""", [new JsonSchemaReference("a.json", "[]")]))
            .Message.ShouldContain("a.json");
    }

    private static void Leads(string text, params JsonSchemaReference[] references)
    {
        var schema = JsonSchema.Parse(text, references);

        JsonCompatibility.Differences(schema, JsonSchema.Parse("""{"type":"number"}"""))
            .ShouldContain(change => change.Kind == "TYPE_EXTENDED" && change.IsCompatible);
        JsonCompatibility.Check(JsonSchema.Parse("""{"type":"number"}"""), schema).ShouldBeEmpty();
        JsonCompatibility.Check(JsonSchema.Parse("""{"type":"string"}"""), schema).ShouldNotBeEmpty();
    }
}
