namespace SchemaStream.Registry.Tests.Endpoints;

public sealed class SubjectEndpointTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task List_IsSortedPagedAndFilteredByPrefix()
    {
        foreach (var subject in new[] { "b-value", "a-value", "c-value", ":.other:a-value" })
        {
            await _registry.RegisterAsync(subject, Schemas.OrderPlaced);
        }

        (await _registry.GetAsync("/subjects")).ShouldBeOk("""[":.other:a-value","a-value","b-value","c-value"]""");
        (await _registry.GetAsync("/subjects?subjectPrefix=b")).ShouldBeOk("""["b-value"]""");
        (await _registry.GetAsync("/subjects?subjectPrefix=:.other:")).ShouldBeOk("""[":.other:a-value"]""");
        (await _registry.GetAsync("/subjects?offset=1&limit=2")).ShouldBeOk("""["a-value","b-value"]""");
        (await _registry.GetAsync("/subjects?offset=one")).ShouldBeRefused(404, 404);
        (await _registry.GetAsync("/contexts")).ShouldBeOk("""[".",".other"]""");
    }

    [Fact]
    public async Task LookUp_KnownContent_GivesSubjectIdAndVersion()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        var found = (await _registry.PostAsync("/subjects/orders-value", new { schema = Schemas.OrderPlaced })).ShouldBeOk().Json;

        found.GetProperty("subject").GetString().ShouldBe("orders-value");
        found.GetProperty("id").GetInt32().ShouldBe(1);
        found.GetProperty("version").GetInt32().ShouldBe(1);
        (await _registry.PostAsync("/subjects/orders-value", new { schema = Schemas.OrderCancelled })).ShouldBeRefused(404, 40403);
        (await _registry.PostAsync("/subjects/none", new { schema = Schemas.OrderPlaced })).ShouldBeRefused(404, 40401);
        (await _registry.PostAsync("/subjects/orders-value", new { schema = "{" })).ShouldBeRefused(422, 42201);
    }

    [Fact]
    public async Task Delete_SoftThenPermanent_TakesConfigurationAlong()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);
        await _registry.PutAsync("/config/orders-value", new { compatibility = "NONE" });

        (await _registry.DeleteAsync("/subjects/none")).ShouldBeRefused(404, 40401);
        (await _registry.DeleteAsync("/subjects/orders-value?permanent=true")).ShouldBeRefused(404, 40405);
        (await _registry.DeleteAsync("/subjects/orders-value")).ShouldBeOk("[1,2]");
        (await _registry.DeleteAsync("/subjects/orders-value")).ShouldBeRefused(404, 40404);
        (await _registry.GetAsync("/subjects")).ShouldBeOk("[]");
        (await _registry.GetAsync("/subjects?deleted=true")).ShouldBeOk("""["orders-value"]""");
        (await _registry.GetAsync("/config/orders-value")).ShouldBeOk("""{"compatibilityLevel":"NONE"}""");
        (await _registry.DeleteAsync("/subjects/orders-value?permanent=true")).ShouldBeOk("[1,2]");
        (await _registry.GetAsync("/subjects?deleted=true")).ShouldBeOk("[]");
        (await _registry.GetAsync("/config/orders-value")).ShouldBeRefused(404, 40408);
    }

    [Theory]
    [InlineData("/subjects/a%2Fb/versions", "a/b")]
    [InlineData("/subjects/a%252Fb/versions", "a%2Fb")]
    [InlineData("/subjects/a+b/versions", "a+b")]
    [InlineData("/subjects/a%20b/versions", "a b")]
    [InlineData("/subjects/%C3%BC%F0%9F%98%80/versions", "ü😀")]
    [InlineData("/subjects/a:b@c!$&'()*,;=/versions", "a:b@c!$&'()*,;=")]
    public async Task Name_AsEncodedByClients_IsKeptAsMeant(string path, string subject)
    {
        (await _registry.SendAsync(HttpMethod.Post, path, """{"schema":"\"string\""}""")).ShouldBeOk();

        (await _registry.GetAsync("/subjects")).Json[0].GetString().ShouldBe(subject);
        (await _registry.GetAsync(path)).ShouldBeOk("[1]");
    }

    [Theory]
    [InlineData("__GLOBAL")]
    [InlineData("__EMPTY")]
    [InlineData("a\u0001b")]
    public async Task Name_ThatIsReserved_IsRefused(string subject) =>
        (await _registry.RegisterAsync(subject, Schemas.OrderPlaced)).ShouldBeRefused(422, 42208);
}
