using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core.Tests.Formats;

public sealed class JsonFormatTests
{
    private readonly JsonFormat _json = new();

    [Fact]
    public void Layout_DoesNotMakeAnotherSchema_OrderDoesUnlessItIsNormalized()
    {
        var one = Parse("""{ "type": "object", "title": "Order" }""");
        var same = Parse("{\"type\":\"object\",\n\"title\":\"Order\"}");
        var turned = Parse("""{"title":"Order","type":"object"}""");

        same.StoredText.ShouldBe(one.StoredText);
        turned.StoredText.ShouldNotBe(one.StoredText);
        turned.NormalizedText.ShouldBe(one.NormalizedText);
        SchemaIdentity.Of(turned.NormalizedText, []).ShouldBe(SchemaIdentity.Of(one.NormalizedText, []));
    }

    [Fact]
    public void Schema_TellsItsTypeAndItsFields()
    {
        var schema = Parse("""{"title":"Order","type":"object","properties":{"id":{},"sum":{}}}""");

        schema.TypeName.ShouldBe("Order");
        schema.TopLevelFields.ShouldBe(["id", "sum"]);
        schema.TextAs("resolved").ShouldBe(schema.StoredText);
        Parse("true").TypeName.ShouldBeNull();
    }

    [Fact]
    public void Violation_HasConfluentsLayout()
    {
        var (old, now) = (Parse("""{"type":"string","maxLength":9}"""), Parse("""{"type":"string","maxLength":8}"""));
        var violation = _json.CheckReads(now, old, CompatibilityPolicy.Strict).ShouldHaveSingleItem();

        _json.Describe(violation, ReaderRole.NewReadsOld).ShouldBe(
            "{errorType:\"MAX_LENGTH_DECREASED\", description:\"The bound of the new schema is lower than the old schema's (path '#/maxLength')'}");
        _json.Describe(violation, ReaderRole.OldReadsNew).ShouldContain("of the old schema is lower than the new schema's");
        _json.CheckReads(old, now, CompatibilityPolicy.Strict).ShouldBeEmpty();
    }

    [Fact]
    public void Policy_Lenient_LetsPropertiesIntoOpenModels()
    {
        var (old, now) = (Parse("""{"type":"object"}"""), Parse("""{"type":"object","properties":{"a":{"type":"string"}}}"""));

        _json.CheckReads(now, old, CompatibilityPolicy.Lenient).ShouldBeEmpty();
        _json.CheckReads(now, old, CompatibilityPolicy.Logical).ShouldHaveSingleItem()
            .Kind.ShouldBe("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL");
    }

    [Fact]
    public void References_AreFoundByTheirNames()
    {
        var references = new ResolvedReference[] { new("money.json", """{"type":"integer"}""") };
        var schema = _json.Parse("""{"properties":{"sum":{"$ref":"money.json"}}}""", references, SchemaStrictness.Strict);

        schema.TryGet(out _, out _).ShouldBeTrue();
        _json.Parse("""{"properties":{"sum":{"$ref":"money.json"}}}""", [], SchemaStrictness.Strict).Error!.Code.ShouldBe(42201);
    }

    [Fact]
    public void SchemasThatCannotBeCompared_AreNotCompatible()
    {
        var links = Enumerable.Range(0, 2_000).Select(i => $"\"d{i}\":{{\"properties\":{{\"p\":{{\"$ref\":\"#/definitions/d{i + 1}\"}}}}}}");
        var chain = Parse($"{{\"definitions\":{{{string.Join(',', links)},\"d2000\":{{}}}},\"$ref\":\"#/definitions/d0\"}}");

        _json.CheckReads(chain, chain, CompatibilityPolicy.Strict).ShouldHaveSingleItem().Message.ShouldContain("deep");
    }

    [Fact]
    public void Tags_AreReadFromTheTextAndWrittenIntoIt()
    {
        var schema = Parse("""{"type":"object","properties":{"id":{"confluent:tags":["PII"]}}}""");

        var tags = schema.InlineTags.ShouldHaveSingleItem();
        (tags.EntityPath, tags.Type).ShouldBe(("object.id", SchemaEntityType.Field));
        tags.Tags.ShouldBe(["PII"]);
        schema.WithTags([], [tags]).TryGet(out var text, out _).ShouldBeTrue();
        text.ShouldBe("""{"type":"object","properties":{"id":{}}}""");
        schema.WithTags([new EntityTags(".object.nobody", SchemaEntityType.Field, ["X"])], []).Error!.Code.ShouldBe(42201);
    }

    private ParsedSchema Parse(string text)
    {
        _json.Parse(text, [], SchemaStrictness.Strict).TryGet(out var parsed, out var error).ShouldBeTrue(error?.Message);
        return parsed!;
    }
}
