namespace SchemaStream.Registry.Tests.Endpoints;

/// <summary>Metadata, rules and tags over HTTP, property by property as clients read them.</summary>
public sealed class DataContractEndpointTests : IAsyncLifetime
{
    private const string Metadata =
        """{"tags":{"Order.id":["A","B"]},"properties":{"a":"1","owner":"me"},"sensitive":["owner"]}""";

    private const string RuleSet =
        """{"domainRules":[{"name":"check","kind":"CONDITION","mode":"WRITE","type":"CEL","expr":"true","disabled":false}],"enableAt":"CLIENT"}""";

    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Register_MetadataAndRules_ComeBackInConfluentsOrder()
    {
        var registered = await RegisterAsync(
            """{"sensitive":["owner"],"unknown":1,"properties":{"owner":"me","a":"1"},"tags":{"Order.id":["B","A","B"]}}""",
            """{"enableAt":"CLIENT","domainRules":[{"expr":"true","type":"CEL","mode":"WRITE","kind":"CONDITION","name":"check"}],"migrationRules":null}""");

        registered.ShouldBeOk().Json.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["id", "version", "guid", "schemaType", "metadata", "ruleSet", "schema", "ts", "deleted"]);
        registered.Json.GetProperty("metadata").GetRawText().ShouldBe(Metadata);
        registered.Json.GetProperty("ruleSet").GetRawText().ShouldBe(RuleSet);
        foreach (var path in new[] { "/subjects/s/versions/1", "/schemas/ids/1", "/schemas?subjectPrefix=s" })
        {
            (await _registry.GetAsync(path)).ShouldBeOk().Body
                .ShouldContain($"\"schemaType\":\"AVRO\",\"metadata\":{Metadata},\"ruleSet\":{RuleSet},\"schema\":");
        }

        await _registry.RestartAsync();
        (await _registry.GetAsync("/subjects/s/versions/1")).Body.ShouldContain(Metadata);
        (await _registry.GetAsync("/subjects/s/versions/1")).Json.GetProperty("guid").GetString()
            .ShouldBe(registered.Json.GetProperty("guid").GetString());
    }

    [Theory]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"properties":{"a":1}}}""")]
    [InlineData("""{"metadata":{"tags":{"a":"b"}}}""")]
    [InlineData("""{"ruleSet":{"domainRules":[{"name":"a","kind":"ODD"}]}}""")]
    [InlineData("""{"ruleSet":{"domainRules":{}}}""")]
    [InlineData("""{"ruleSet":{"domainRules":[1]}}""")]
    [InlineData("""{"ruleSet":{"enableAt":"MOON"}}""")]
    [InlineData("""{"schemaTagsToAdd":[{"tags":["a"]}]}""")]
    [InlineData("""{"schemaTagsToAdd":[{"schemaEntity":{"entityPath":"a","entityType":"sr_thing"},"tags":["a"]}]}""")]
    public async Task Register_OfAnotherShape_IsMalformed(string body) =>
        (await _registry.SendAsync(HttpMethod.Post, "/subjects/s/versions", body)).ShouldBeRefused(400, 400);

    [Fact]
    public async Task Register_BadRules_IsRefusedWithTheReason() =>
        (await RegisterAsync("null", """{"domainRules":[{"name":"a","type":"CEL"},{"name":"a","type":"CEL"}]}"""))
            .ShouldBeRefused(422, 42210).ShouldContain("'a'");

    [Fact]
    public async Task Metadata_FindsTheNewestWithAllPairs()
    {
        await RegisterAsync("""{"properties":{"owner":"me","major":"1"}}""");
        await RegisterAsync("""{"properties":{"owner":"me","major":"1","minor":"2"}}""");
        await RegisterAsync("""{"properties":{"owner":"you","major":"2"}}""");

        (await VersionAsync("?key=owner&value=me&key=major&value=1")).ShouldBe(2);
        (await VersionAsync("?key=major&value=2")).ShouldBe(3);
        (await VersionAsync("")).ShouldBe(3, "any metadata will do");
        (await _registry.GetAsync("/subjects/s/metadata?key=owner&value=us")).ShouldBeRefused(404, 40403);
        (await _registry.GetAsync("/subjects/none/metadata?key=owner&value=me")).ShouldBeRefused(404, 40401);
        (await _registry.GetAsync("/subjects/s/metadata?key=owner")).ShouldBeRefused(400, 400);
        await _registry.DeleteAsync("/subjects/s/versions/3");
        (await VersionAsync("")).ShouldBe(2);
        (await VersionAsync("?deleted=true")).ShouldBe(3);
    }

    [Fact]
    public async Task Tags_OfAVersion_MakeANewOne()
    {
        await RegisterAsync("""{"properties":{"owner":"me"}}""", RuleSet);

        var tagged = await _registry.SendAsync(
            HttpMethod.Post,
            "/subjects/s/versions/latest/tags",
            """{"newVersion":2,"metadata":{"properties":{"owner":"you"}},"rulesToMerge":{"domainRules":[{"name":"more","type":"CEL"}]},"rulesToRemove":["check"]}""");

        tagged.ShouldBeOk().Json.GetProperty("version").GetInt32().ShouldBe(2);
        tagged.Json.GetProperty("metadata").GetRawText().ShouldBe("""{"properties":{"confluent:version":"2","owner":"you"}}""");
        tagged.Json.GetProperty("ruleSet").GetProperty("domainRules")[0].GetProperty("name").GetString().ShouldBe("more");
        (await TagAsync("/subjects/s/versions/9/tags", "{}")).ShouldBeRefused(404, 40402);
        (await TagAsync("/subjects/none/versions/1/tags", "{}")).ShouldBeRefused(404, 40401);
        (await TagAsync("/subjects/s/versions/x/tags", "{}")).ShouldBeRefused(422, 42202);
        (await TagAsync("/subjects/s/versions/1/tags", """{"ruleSet":{},"rulesToRemove":["a"]}""")).ShouldBeRefused(422, 42210);
        (await TagAsync("/subjects/s/versions/1/tags", """{"newVersion":9}""")).ShouldBeRefused(422, 42201);
    }

    [Fact]
    public async Task Tags_InTheText_AreAddedFoundAndRemoved()
    {
        const string id = """{"schemaEntity":{"entityPath":"com.acme.OrderPlaced.id","entityType":"sr_field"},"tags":["PII"]}""";
        var registered = await _registry.SendAsync(
            HttpMethod.Post,
            "/subjects/s/versions",
            $$"""{"schema":{{Quoted(Schemas.OrderPlaced)}},"schemaTagsToAdd":[{{id}}]}""");

        registered.ShouldBeOk().Json.GetProperty("schema").GetString()!.ShouldContain("\"confluent:tags\":[\"PII\"]");
        (await _registry.GetAsync("/subjects/s/versions/1?findTags=PII")).ShouldBeOk()
            .Json.GetProperty("schemaTags").GetRawText().ShouldBe($"[{id}]");
        (await _registry.GetAsync("/subjects/s/versions/1?findTags=OTHER")).Body.ShouldNotContain("schemaTags");
        var untagged = (await TagAsync("/subjects/s/versions/1/tags", $$"""{"tagsToRemove":[{{id}}]}""")).ShouldBeOk();
        untagged.Json.GetProperty("schema").GetString().ShouldBe(Schemas.OrderPlaced);
        (await TagAsync("/subjects/s/versions/1/tags", """{"tagsToAdd":[{"schemaEntity":{"entityPath":"no.where","entityType":"sr_field"},"tags":["A"]}]}"""))
            .ShouldBeRefused(422, 42201).ShouldContain("no.where");
    }

    [Fact]
    public async Task LookUp_WithOtherMetadata_IsAnotherSchema()
    {
        await RegisterAsync("""{"properties":{"owner":"me"}}""");

        (await LookUpAsync("")).ShouldBeOk().Json.GetProperty("version").GetInt32().ShouldBe(1);
        (await LookUpAsync(""","metadata":{"properties":{"owner":"me"}}""")).ShouldBeOk();
        (await LookUpAsync(""","metadata":{"properties":{"owner":"you"}}""")).ShouldBeRefused(404, 40403);
    }

    private Task<Answer> RegisterAsync(string metadata, string ruleSet = "null") => _registry.SendAsync(
        HttpMethod.Post,
        "/subjects/s/versions",
        $$"""{"schema":{{Quoted(Schemas.OrderPlaced)}},"metadata":{{metadata}},"ruleSet":{{ruleSet}}}""");

    private Task<Answer> LookUpAsync(string more) => _registry.SendAsync(
        HttpMethod.Post, "/subjects/s", $$"""{"schema":{{Quoted(Schemas.OrderPlaced)}}{{more}}}""");

    private Task<Answer> TagAsync(string path, string body) => _registry.SendAsync(HttpMethod.Post, path, body);

    private async Task<int> VersionAsync(string query) =>
        (await _registry.GetAsync($"/subjects/s/metadata{query}")).ShouldBeOk().Json.GetProperty("version").GetInt32();

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
