using System.Text.Json;

namespace SchemaStream.Registry.Tests.Http;

/// <summary>What is answered ahead of its endpoint is answered as the endpoint does.</summary>
public sealed class FrequentReadsTests : IAsyncLifetime
{
    /// <summary>The same as none, but not seen to be at a glance: the endpoint answers.</summary>
    private const string AcceptedByTheEndpoint = "application/vnd.schemaregistry.v1+json, application/json";

    private TestRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(change: options => options with { Metrics = MetricsPage.Served });
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await _registry.RegisterAsync(":.dev:orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await _registry.RegisterAsync("a/b", "\"string\"")).ShouldBeOk();
        (await _registry.RegisterAsync("with-reference", """{"type":"array","items":"long","doc":"é \u2028 \"quoted\" \\ \ud83d\ude00"}""")).ShouldBeOk();
        (await _registry.PutAsync("/config/alias", new { alias = "orders-value" })).ShouldBeOk();
        (await _registry.PostAsync("/subjects/described/versions", new
        {
            schema = "\"int\"",
            metadata = new { properties = new { owner = "team" } },
        })).ShouldBeOk();
    }

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Theory]
    [InlineData("/schemas/ids/1")]
    [InlineData("/schemas/ids/2")]
    [InlineData("/schemas/ids/3")]
    [InlineData("/schemas/ids/4")]
    [InlineData("/schemas/ids/001")]
    [InlineData("/schemas/ids/1/")]
    [InlineData("/schemas/ids/-1")]
    [InlineData("/schemas/ids/+1")]
    [InlineData("/schemas/ids/%31")]
    [InlineData("/schemas/ids/99")]
    [InlineData("/schemas/ids/99999999999999")]
    [InlineData("/schemas/ids/")]
    [InlineData("/schemas/ids/1?subject=orders-value")]
    [InlineData("/schemas/ids/1?")]
    [InlineData("/contexts/.dev/schemas/ids/1")]
    [InlineData("/subjects/orders-value/versions/latest")]
    [InlineData("/subjects/with-reference/versions/latest")]
    [InlineData("/subjects/described/versions/latest")]
    [InlineData("/subjects/alias/versions/latest")]
    [InlineData("/subjects/:.dev:orders-value/versions/latest")]
    [InlineData("/subjects/a%2Fb/versions/latest")]
    [InlineData("/subjects/nobody/versions/latest")]
    [InlineData("/subjects//versions/latest")]
    [InlineData("/subjects/./versions/latest")]
    [InlineData("/subjects/../versions/latest")]
    [InlineData("/subjects/orders-value/versions/latest?")]
    [InlineData("/subjects/orders-value/versions/latest?deleted=true")]
    [InlineData("/contexts/.dev/subjects/orders-value/versions/latest")]
    public async Task Answer_IsTheEndpoints(string path)
    {
        var ahead = await AskAsync(path, accept: null);
        var again = await AskAsync(path, accept: "*/*");
        var endpoints = await AskAsync(path, AcceptedByTheEndpoint);

        ahead.ShouldBe(endpoints);
        again.ShouldBe(endpoints);
    }

    [Fact]
    public async Task Changes_AreSeenAtOnce()
    {
        (await _registry.GetAsync("/subjects/a%2Fb/versions/latest")).ShouldBeOk();
        (await _registry.RegisterAsync("changing", """{"type":"record","name":"A","fields":[]}""")).ShouldBeOk();
        (await LatestAsync()).ShouldBe(1);

        (await _registry.RegisterAsync(
            "changing", """{"type":"record","name":"A","fields":[{"name":"x","type":"int","default":0}]}""")).ShouldBeOk();
        (await LatestAsync()).ShouldBe(2);

        (await _registry.DeleteAsync("/subjects/changing/versions/2")).ShouldBeOk();
        (await LatestAsync()).ShouldBe(1);

        (await _registry.DeleteAsync("/subjects/changing")).ShouldBeOk();
        (await _registry.GetAsync("/subjects/changing/versions/latest")).ShouldBeRefused(404, 40401);

        async Task<int> LatestAsync() =>
            (await _registry.GetAsync("/subjects/changing/versions/latest")).ShouldBeOk().Json.GetProperty("version").GetInt32();
    }

    [Fact]
    public async Task BothWays_AreCountedAsOneRoute()
    {
        await AskAsync("/schemas/ids/1", accept: null);
        await AskAsync("/schemas/ids/1", AcceptedByTheEndpoint);
        await AskAsync("/subjects/orders-value/versions/latest", accept: null);
        await AskAsync("/subjects/orders-value/versions/latest", AcceptedByTheEndpoint);

        var page = (await _registry.GetAsync("/metrics")).Body;

        page.ShouldContain("schemastream_registry_requests_total{method=\"GET\",route=\"/schemas/ids/{id}\",status=\"200\"} 2\n", customMessage: page);
        page.ShouldContain("schemastream_registry_requests_total{method=\"GET\",route=\"/subjects/{subject}/versions/{version}\",status=\"200\"} 2\n");
    }

    [Fact]
    public async Task RequestIds_AreTheClientsOwn_OrNobodyElses()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            using var response = await _registry.Http.GetAsync(new Uri("/schemas/ids/1", UriKind.Relative));
            var id = response.Headers.GetValues("X-Request-ID").Single();
            Guid.Parse(id).Version.ShouldBe(4);
            ids.Add(id).ShouldBeTrue();
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/schemas/ids/1") { Headers = { { "X-Request-ID", "mine" } } };
        using var answer = await _registry.Http.SendAsync(request);
        answer.Headers.GetValues("X-Request-ID").Single().ShouldBe("mine");
    }

    /// <summary>Status, headers but for those that differ each time, and body.</summary>
    private async Task<string> AskAsync(string path, string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(
            _registry.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await _registry.Http.SendAsync(request);
        response.Headers.GetValues("X-Request-ID").ShouldHaveSingleItem();
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "X-Request-ID"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return JsonSerializer.Serialize(new { response.StatusCode, headers, body = await response.Content.ReadAsByteArrayAsync() });
    }
}
