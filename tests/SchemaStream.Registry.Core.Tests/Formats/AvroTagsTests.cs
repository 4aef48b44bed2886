using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Core.Tests.Formats;

public sealed class AvroTagsTests
{
    private const string Order =
        """{"type":"record","name":"Order","namespace":"com.acme","fields":[""" +
        """{"name":"id","type":"string","confluent:tags":["KEY"]},""" +
        """{"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"price","type":["null","long"]}],"confluent:tags":["PART"]}}},""" +
        """{"name":"next","type":["null","Order"]}]}""";

    [Fact]
    public void InlineTags_AreFoundByPath()
    {
        var tags = Parse(Order).InlineTags;

        tags.Select(part => (part.EntityPath, part.Type)).ShouldBe(
        [
            ("com.acme.Order.id", SchemaEntityType.Field),
            ("com.acme.Line", SchemaEntityType.Record),
        ]);
        tags[0].Tags.ShouldBe(["KEY"]);
    }

    [Fact]
    public void WithTags_AddsAndTakesAway()
    {
        var text = Parse(Order).WithTags(
            [
                Field("com.acme.Order.id", "PII", "KEY"),
                Field(".com.acme.Line.price", "MONEY"),
                new EntityTags("com.acme.Order", SchemaEntityType.Record, ["ROOT", "GONE"]),
            ],
            [Field("Order.id", "KEY"), new EntityTags("Order", SchemaEntityType.Record, ["GONE"]), new EntityTags("Line", SchemaEntityType.Record, ["PART"])])
            .ShouldBeOk();

        var tags = Parse(text).InlineTags;
        tags.Select(part => $"{part.EntityPath}: {string.Join(' ', part.Tags)}").ShouldBe(
            ["com.acme.Order: ROOT", "com.acme.Order.id: PII", "com.acme.Line.price: MONEY"]);
        text.ShouldNotContain("PART");
        Parse(text).WithTags([], [Field("com.acme.Order.id", "PII"), Field("com.acme.Line.price", "MONEY"), new("com.acme.Order", SchemaEntityType.Record, ["ROOT"])])
            .ShouldBeOk().ShouldNotContain("confluent:tags");
    }

    [Theory]
    [InlineData("com.acme.Order.nothing", SchemaEntityType.Field)]
    [InlineData("com.other.Order", SchemaEntityType.Record)]
    [InlineData("com.acme.Order.id", SchemaEntityType.Record)]
    [InlineData("", SchemaEntityType.Record)]
    public void WithTags_WhereNothingIs_IsRefused(string path, SchemaEntityType type) =>
        Parse(Order).WithTags([new EntityTags(path, type, ["A"])], []).ShouldBeRefused()
            .ShouldSatisfyAllConditions(
                error => error.Code.ShouldBe(ErrorCodes.InvalidSchema),
                error => error.Message.ShouldContain($"'{path}'"));

    [Fact]
    public void InlineTags_OfHugeNames_AreLeftOut()
    {
        var fields = string.Join(',', Enumerable.Range(0, 2000).Select(n => $$"""{"name":"f{{n}}","type":"int","confluent:tags":["T"]}"""));
        var name = new string('N', 400_000);
        var schema = Parse($$"""{"type":"record","name":"{{name}}","fields":[{{fields}}]}""");

        schema.InlineTags.ShouldBeEmpty();
        schema.WithTags([Field(name + ".f1", "A")], []).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);
    }

    [Fact]
    public void Retagged_OfThousandsOfChanges_IsOneChangeForEachPartOrRefused()
    {
        var many = Enumerable.Range(0, 100_000).Select(n => Field("com.acme.Order.id", $"T{n % 500}")).ToArray();
        var tooMany = Enumerable.Range(0, 100_000).Select(n => Field(".com.acme.Order.id", $"T{n}")).ToArray();

        Parse(Parse(Order).Retagged(many, []).ShouldBeOk()).InlineTags[0].Tags.Count.ShouldBe(501);
        Parse(Order).Retagged(tooMany, []).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);
        Parse(Order).Retagged([], tooMany).ShouldBeRefused();
    }

    [Fact]
    public void WithTags_OfASchemaWithoutRecords_IsRefused() =>
        Parse("\"string\"").WithTags([Field("a.b", "A")], []).ShouldBeRefused().Code.ShouldBe(ErrorCodes.InvalidSchema);

    [Fact]
    public void WithTags_OfANameInFull_FindsIt() =>
        Parse("""{"type":"record","name":"a.b.R","fields":[{"name":"f","type":{"type":"map","values":{"type":"record","name":"S","fields":[]}}}]}""")
            .WithTags([Field("a.b.R.f", "X"), new EntityTags("a.b.S", SchemaEntityType.Record, ["Y"])], [])
            .ShouldBeOk().ShouldContain("\"confluent:tags\":[\"Y\"]");

    private static EntityTags Field(string path, params string[] tags) => new(path, SchemaEntityType.Field, tags);

    private static ParsedSchema Parse(string text) =>
        new AvroFormat().Parse(text, [], SchemaStrictness.Strict).ShouldBeOk();
}
