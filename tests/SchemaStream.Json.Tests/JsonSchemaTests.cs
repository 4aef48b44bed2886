using SchemaStream.Json.Compatibility;
namespace SchemaStream.Json.Tests;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"title":"Order","$id":"http://example.com/order"}""", "Order")]
    [InlineData("""{"$id":"http://example.com/order"}""", "http://example.com/order")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","id":"http://example.com/order"}""", "http://example.com/order")]
    [InlineData("""{"title":""}""", null)]
    [InlineData("""{"type":"object"}""", null)]
    [InlineData("true", null)]
    public void ContractName_IsTheTitleElseTheId(string text, string? name) =>
        JsonSchema.Parse(text).ContractName.ShouldBe(name);

    [Theory]
    [InlineData("{}", JsonSchemaDraft.Draft7)]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", JsonSchemaDraft.Draft4)]
    [InlineData("""{"$schema":"http://json-schema.org/draft-06/schema"}""", JsonSchemaDraft.Draft6)]
    [InlineData("""{"$schema":"https://json-schema.org/draft-07/schema#"}""", JsonSchemaDraft.Draft7)]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2019-09/schema"}""", JsonSchemaDraft.Draft201909)]
    [InlineData("""{"$schema":"http://json-schema.org/draft/2020-12/schema#"}""", JsonSchemaDraft.Draft202012)]
    [InlineData("""{"$schema":"http://example.com/our-own"}""", JsonSchemaDraft.Draft7)]
    public void Draft_IsTheOneDeclared(string text, JsonSchemaDraft draft) => JsonSchema.Parse(text).Draft.ShouldBe(draft);

    [Fact]
    public void Text_KeepsItsOrderAndItsNumbersAndLosesItsLayout()
    {
        var schema = JsonSchema.Parse(" { \"type\" : \"number\",\n \"maximum\": 1.50e2, \"const\": \"\\u00fc/\\u0001\\\"\" } ");

        schema.ToJson().ShouldBe("""{"type":"number","maximum":1.50e2,"const":"ü/\u0001\""}""");
    }

    [Fact]
    public void NameThatIsThereTwice_MeansItsLastValue() =>
        JsonSchema.Parse("""{"type":"string","title":"a","type":"number"}""").ToJson().ShouldBe("""{"type":"number","title":"a"}""");

    [Fact]
    public void NormalForm_KeepsNumbersAsTheyWereWritten_WhichAreEqualAllTheSame()
    {
        var (whole, point) = (JsonSchema.Parse("""{"enum":[1],"maximum":1}"""), JsonSchema.Parse("""{"maximum":1.0,"enum":[1.0]}"""));

        point.ToNormalForm().ShouldBe("""{"enum":[1.0],"maximum":1.0}""");
        JsonCompatibility.Differences(whole, point).ShouldBeEmpty();
    }

    [Fact]
    public void NormalForm_SortsMembersAtEveryDepthAndNothingElse()
    {
        var one = JsonSchema.Parse("""{"type":"object","properties":{"b":{"type":"string","enum":["z","a"]},"a":{}},"required":["b","a"]}""");
        var other = JsonSchema.Parse("""{"required":["b","a"],"properties":{"a":{},"b":{"enum":["z","a"],"type":"string"}},"type":"object"}""");

        one.ToNormalForm().ShouldBe("""{"properties":{"a":{},"b":{"enum":["z","a"],"type":"string"}},"required":["b","a"],"type":"object"}""");
        other.ToNormalForm().ShouldBe(one.ToNormalForm());
        JsonSchema.Parse(one.ToNormalForm()).ToNormalForm().ShouldBe(one.ToNormalForm());
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("{}{}", "not JSON")]
    [InlineData("{'a':1}", "not JSON")]
    [InlineData("\"\\ud800\"", "surrogate")]
    [InlineData("[]", "an object or a boolean")]
    [InlineData("3", "an object or a boolean")]
    [InlineData("null", "an object or a boolean")]
    [InlineData("""{"type":"text"}""", "'type': expected one or several of")]
    [InlineData("""{"type":[]}""", "'type'")]
    [InlineData("""{"type":["string","string"]}""", "twice")]
    [InlineData("""{"minLength":-1}""", "'minLength': expected a whole number from zero, found -1")]
    [InlineData("""{"minLength":1.5}""", "'minLength'")]
    [InlineData("""{"maxItems":"3"}""", "'maxItems'")]
    [InlineData("""{"multipleOf":0}""", "above zero")]
    [InlineData("""{"required":"a"}""", "'required': expected an array of names")]
    [InlineData("""{"required":["a","a"]}""", "twice")]
    [InlineData("""{"properties":[]}""", "'properties'")]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"items":3}}}}}""", "#/properties/a/properties/b")]
    [InlineData("""{"properties":{"a":"string"}}""", "'a'")]
    [InlineData("""{"anyOf":[]}""", "at least one schema")]
    [InlineData("""{"anyOf":{}}""", "at least one schema")]
    [InlineData("""{"enum":"a"}""", "'enum'")]
    [InlineData("""{"pattern":"(a"}""", "not a regular expression")]
    [InlineData("""{"patternProperties":{"[a":{}}}""", "not a regular expression")]
    [InlineData("""{"additionalProperties":3}""", "'additionalProperties'")]
    [InlineData("""{"exclusiveMaximum":true}""", "draft 4")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMaximum":3}""", "draft 6")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"a":true}}""", "'a'")]
    [InlineData("""{"$schema":"https://json-schema.org/draft/2020-12/schema","items":[{}]}""", "prefixItems")]
    [InlineData("""{"properties":{"a":{"$ref":"#/definitions/b"}}}""", "leads nowhere")]
    [InlineData("""{"$ref":"http://example.com/other.json"}""", "leads nowhere")]
    [InlineData("""{"$ref":"#anchor"}""", "leads nowhere")]
    [InlineData("""{"$ref":"#/title","title":"a"}""", "leads nowhere")]
    public void TextThatIsNoSchema_IsRefusedWithWhatAndWhere(string text, string reason) =>
        Should.Throw<JsonSchemaException>(() => JsonSchema.Parse(text)).Message.ShouldContain(reason);

    [Theory]
    [InlineData("""{"minLength":-1,"type":"text"}""")]
    [InlineData("""{"properties":{"a":"string"},"required":true}""")]
    [InlineData("""{"$ref":"http://example.com/other.json"}""")]
    public void WhatIsStoredAlready_IsReadAllTheSame(string text)
    {
        var schema = JsonSchema.Parse(text, [], JsonSchemaValidation.Lenient);

        Compatibility.Same.Check(schema).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"const":{"$ref":"nowhere"},"enum":[{"type":"text"}],"default":{"$ref":"#/x"},"examples":[{"minLength":-1}]}""")]
    [InlineData("""{"x-own":{"type":"text"},"properties":{"type":{"type":"string"},"$ref":{"type":"string"}}}""")]
    [InlineData("""{"pattern":"\\p{Script=Greek}+(?<year>\\d)\\/"}""")]
    [InlineData("""{"$id":"urn:example:order","definitions":{"a":{"$anchor":"x"}},"properties":{"a":{"$ref":"#/definitions/a"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/x-parts/one"}},"x-parts":{"one":{"type":"string"}}}""")]
    [InlineData("""{"definitions":{"a":{}},"$ref":"#/$defs/a"}""")]
    public void ValuesThatOnlyLookLikeSchemas_AreLeftAlone(string text) => JsonSchema.Parse(text).ToJson().ShouldNotBeEmpty();
}
