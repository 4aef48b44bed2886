using System.Diagnostics;
using System.Text.Json;
using Microsoft.OpenApi;
using SchemaStream.Registry.OpenApi;

namespace SchemaStream.Registry.Tests.OpenApi;

/// <summary>The API's description of itself, and the page to try it.</summary>
public sealed class OpenApiTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task EveryRoute_HasARowAndEveryRowARoute()
    {
        var document = await ReadAsync();

        var routes = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .ToArray();
        var rows = ApiOperations.All.Select(row => $"{row.Method} {row.Path}").ToArray();
        routes.Except(rows).ShouldBeEmpty();
        rows.Except(routes).ShouldBeEmpty();
    }

    [Fact]
    public async Task Document_IsWhole()
    {
        var document = await ReadAsync();

        document.GetProperty("openapi").GetString().ShouldBe("3.0.3");
        var entities = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(e => e.Name).ToHashSet();
        References(document).ShouldAllBe(reference => entities.Contains(reference));
        Operations(document).Select(operation => operation.GetProperty("operationId").GetString()).ShouldBeUnique();
        Operations(document).ShouldAllBe(operation => operation.GetProperty("summary").GetString() != "");
        Operations(document).SelectMany(operation => operation.GetProperty("parameters").EnumerateArray())
            .ShouldAllBe(parameter => ApiParameters.IsKnown(parameter.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task Document_IsReadByOthers()
    {
        var text = (await _registry.GetAsync("/openapi/v1.json")).Body;

        var read = OpenApiDocument.Parse(text, "json");

        read.Diagnostic!.Errors.ShouldBeEmpty();
        read.Document!.Paths.Count.ShouldBe(ApiOperations.All.Where(IsServed(text)).Select(row => row.Path).Distinct().Count());
    }

    [Fact]
    public async Task Replies_HoldWhatTheirEntitiesSay()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        var entities = ApiEntities.All.ToDictionary(
            entity => entity.Name,
            entity => entity.Properties.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(property => property.Split(':')[0]).ToArray());

        foreach (var (path, entity) in new[]
        {
            ("/subjects/orders-value/versions/1", "Schema"), ("/schemas/ids/1", "SchemaString"), ("/config", "Config"), ("/mode", "Mode"),
            ("/v1/metadata/id", "ServerId"), ("/v1/metadata/version", "ServerVersion"), ("/v1/metadata/deployment", "Deployment"),
        })
        {
            var shown = (await _registry.GetAsync(path)).ShouldBeOk().Json.EnumerateObject().Select(property => property.Name);
            shown.Except(entities[entity]).ShouldBeEmpty($"{path} is a {entity}");
        }
    }

    [Fact]
    public async Task Page_IsOneFileThatReadsTheDocument()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi");
        request.Headers.Add("Accept", "text/html");
        using var response = await _registry.Http.SendAsync(request);
        var page = await response.Content.ReadAsStringAsync();

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        page.ShouldContain("/openapi/v1.json");
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
    }

    [Fact]
    public async Task Page_LetsOneRegisterASchema()
    {
        using var node = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "OpenApi", "page.mjs"), _registry.Host.BaseAddress.ToString().TrimEnd('/') },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (shown, faults) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();

        (await faults).ShouldBeEmpty();
        (await shown).ShouldContain("POST /subjects/a%2Fb/versions\n200 OK");
        (await _registry.GetAsync("/subjects")).ShouldBeOk("""["a/b"]""");
    }

    [Fact]
    public async Task Examples_AreAccepted()
    {
        var document = await ReadAsync();
        var operations =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Value.TryGetProperty("requestBody", out _)
            select (path.Name, Method: HttpMethod.Parse(operation.Name), operation.Value);

        foreach (var (path, method, operation) in operations)
        {
            await using var registry = await TestRegistry.StartAsync();
            (await registry.RegisterAsync("orders-value", OrdersValue(document))).ShouldBeOk();
            var body = operation.GetProperty("requestBody").GetProperty("content").EnumerateObject().Single().Value.GetProperty("example");
            var target = path
                .Replace("{subject}", "orders-value", StringComparison.Ordinal)
                .Replace("{version}", "latest", StringComparison.Ordinal)
                .Replace("{topic}", "orders", StringComparison.Ordinal)
                .Replace("{resourceId}", "orders-id", StringComparison.Ordinal);

            var answer = await registry.SendAsync(method, target, body.GetRawText());

            answer.Status.ShouldBeInRange(200, 299, $"{method} {target} {body}: {answer.Body}");
            answer.Body.ShouldNotContain("error_code", Case.Sensitive, $"{method} {target} {body}");
        }
    }

    /// <summary>The schema of the example of registering.</summary>
    private static string OrdersValue(JsonElement document) => document
        .GetProperty("paths").GetProperty("/subjects/{subject}/versions").GetProperty("post").GetProperty("requestBody")
        .GetProperty("content").EnumerateObject().Single().Value.GetProperty("example").GetProperty("schema").GetString()!;

    private async Task<JsonElement> ReadAsync()
    {
        var answer = await _registry.GetAsync("/openapi/v1.json");
        answer.Status.ShouldBe(200, answer.Body);
        answer.ContentType.ShouldBe("application/json");
        return answer.Json;
    }

    private static Func<ApiOperation, bool> IsServed(string document) => row => document.Contains($"\"{row.Path}\":", StringComparison.Ordinal);

    private static IEnumerable<JsonElement> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" ? [property.Value.GetString()!.Split('/')[^1]] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
