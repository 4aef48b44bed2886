namespace SchemaStream.Registry.Tests.Endpoints;

public sealed class SchemaEndpointTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("archive-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);
    }

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Types_ListsWhatIsOffered() => (await _registry.GetAsync("/schemas/types")).ShouldBeOk("""["AVRO","JSON","PROTOBUF"]""");

    [Fact]
    public async Task ById_GivesTextAndIdentity()
    {
        var found = (await _registry.GetAsync("/schemas/ids/1")).ShouldBeOk().Json;

        found.EnumerateObject().Select(property => property.Name).ShouldBe(["guid", "schemaType", "schema"]);
        found.GetProperty("schema").GetString().ShouldBe(Schemas.OrderPlaced);
        (await _registry.GetAsync("/schemas/ids/1/schema")).ShouldBeOk(Schemas.OrderPlaced);
        (await _registry.GetAsync("/schemas/ids/9")).ShouldBeRefused(404, 40403);
        (await _registry.GetAsync("/schemas/ids/9/schema")).ShouldBeRefused(404, 40403);
        (await _registry.GetAsync("/schemas/ids/one")).ShouldBeRefused(404, 404);
    }

    [Fact]
    public async Task ById_WithinASubject_NamesSubjectAndVersion()
    {
        var found = (await _registry.GetAsync("/schemas/ids/1?subject=archive-value&fetchMaxId=true")).ShouldBeOk().Json;

        found.GetProperty("subject").GetString().ShouldBe("archive-value");
        found.GetProperty("version").GetInt32().ShouldBe(1);
        found.GetProperty("maxId").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task ById_WithASubjectThatDoesNotUseIt_IsFoundAllTheSame()
    {
        // Deserializers send the name that their own strategy makes of the topic; the producer's may have been another.
        var found = (await _registry.GetAsync("/schemas/ids/2?subject=archive-value&format=")).ShouldBeOk().Json;

        found.GetProperty("schema").GetString().ShouldBe(Schemas.OrderPlacedWithNote);
        found.TryGetProperty("subject", out _).ShouldBeFalse();
        (await _registry.GetAsync("/schemas/ids/2?subject=nowhere-value")).ShouldBeOk();
        (await _registry.GetAsync("/schemas/ids/9?subject=archive-value")).ShouldBeRefused(404, 40403);
    }

    [Fact]
    public async Task ById_WithASubjectOfAnotherContext_IsLookedForThere()
    {
        await _registry.RegisterAsync(":.dev:trial-value", Schemas.OrderCancelled);

        var unqualified = (await _registry.GetAsync("/schemas/ids/1?subject=trial-value")).ShouldBeOk().Json;
        unqualified.GetProperty("schema").GetString().ShouldBe(Schemas.OrderCancelled);
        unqualified.GetProperty("subject").GetString().ShouldBe(":.dev:trial-value");
        (await _registry.GetAsync("/schemas/ids/1?subject=:.dev:other-value")).ShouldBeRefused(404, 40403);
        (await _registry.GetAsync("/schemas/ids/1?subject=:.dev:")).ShouldBeOk().Json
            .GetProperty("schema").GetString().ShouldBe(Schemas.OrderCancelled);
    }

    [Fact]
    public async Task ById_ListsItsUses()
    {
        (await _registry.GetAsync("/schemas/ids/1/subjects")).ShouldBeOk("""["archive-value","orders-value"]""");
        (await _registry.GetAsync("/schemas/ids/1/versions"))
            .ShouldBeOk("""[{"subject":"archive-value","version":1},{"subject":"orders-value","version":1}]""");
        await _registry.DeleteAsync("/subjects/archive-value");
        (await _registry.GetAsync("/schemas/ids/1/subjects")).ShouldBeOk("""["orders-value"]""");
        (await _registry.GetAsync("/schemas/ids/1/subjects?deleted=true")).ShouldBeOk("""["archive-value","orders-value"]""");
    }

    [Fact]
    public async Task ByGuid_IsTheSameSchema()
    {
        var guid = (await _registry.GetAsync("/schemas/ids/1")).Json.GetProperty("guid").GetString();

        (await _registry.GetAsync($"/schemas/guids/{guid}")).ShouldBeOk().Json.GetProperty("schema").GetString()
            .ShouldBe(Schemas.OrderPlaced);
        (await _registry.GetAsync($"/schemas/guids/{guid}/ids")).ShouldBeOk("""[{"context":".","id":1}]""");
        (await _registry.GetAsync($"/schemas/guids/{Guid.Empty}/ids")).ShouldBeOk("[]");
        (await _registry.GetAsync($"/schemas/guids/{Guid.Empty}")).ShouldBeRefused(404, 40403);
    }

    [Fact]
    public async Task List_HasEveryVersionOrTheLatest()
    {
        (await _registry.GetAsync("/schemas")).ShouldBeOk().Json.GetArrayLength().ShouldBe(3);
        (await _registry.GetAsync("/schemas?latestOnly=true")).Json.GetArrayLength().ShouldBe(2);
        (await _registry.GetAsync("/schemas?subjectPrefix=arch")).Json[0].GetProperty("subject").GetString().ShouldBe("archive-value");
        (await _registry.GetAsync("/schemas?offset=2")).Json[0].GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task List_LargerThanAPiece_IsWhole()
    {
        const int count = 40;
        var doc = new string('d', 4096);
        foreach (var n in Enumerable.Range(0, count))
        {
            (await _registry.RegisterAsync($"large-{n:00}", $$"""{"type":"record","name":"L{{n}}","doc":"{{doc}}","fields":[]}""")).ShouldBeOk();
        }

        var listed = (await _registry.GetAsync("/schemas?subjectPrefix=large")).ShouldBeOk().Json;

        listed.GetArrayLength().ShouldBe(count);
        listed[count - 1].GetProperty("schema").GetString()!.ShouldContain(doc);
    }
}
