using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Tests;

/// <summary>A real registry on a free port with a data directory of its own.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    private readonly string _directory;
    private readonly RegistryOptions _options;
    private RegistryHost _host;

    private TestRegistry(string directory, RegistryOptions options, RegistryHost host)
    {
        _directory = directory;
        _options = options;
        _host = host;
        Http = new HttpClient { BaseAddress = host.BaseAddress };
    }

    public HttpClient Http { get; private set; }

    public RegistryHost Host => _host;

    public static async Task<TestRegistry> StartAsync(
        RegistrySettings? settings = null, Func<RegistryOptions, RegistryOptions>? change = null)
    {
        var directory = Directory.CreateTempSubdirectory("registry-test-").FullName;
        var options = new RegistryOptions { DataDirectory = directory, Port = 0, Settings = settings ?? new() };
        options = change?.Invoke(options) ?? options;
        return new TestRegistry(directory, options, await RegistryHost.StartAsync(options, NullLoggerFactory.Instance));
    }

    public async Task RestartAsync()
    {
        await _host.StopAsync();
        Http.Dispose();
        _host = await RegistryHost.StartAsync(_options, NullLoggerFactory.Instance);
        Http = new HttpClient { BaseAddress = _host.BaseAddress };
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<Answer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body));

    public Task<Answer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body));

    public Task<Answer> RegisterAsync(string subject, string schema) =>
        PostAsync($"/subjects/{Uri.EscapeDataString(subject)}/versions", new { schema });

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body = null, string contentType = "application/vnd.schemaregistry.v1+json")
    {
        // The path goes out as written: tests of %2F and of odd names depend on it.
        using var request = new HttpRequestMessage(method, new Uri(
            Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await Http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string? ContentType, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The body is the one shape of refusals with this code; gives its message.</summary>
    public string ShouldBeRefused(int status, int errorCode)
    {
        Status.ShouldBe(status, Body);
        ContentType.ShouldBe("application/vnd.schemaregistry.v1+json");
        Json.EnumerateObject().Select(property => property.Name).ShouldBe(["error_code", "message"]);
        Json.GetProperty("error_code").GetInt32().ShouldBe(errorCode, Body);
        return Json.GetProperty("message").GetString()!;
    }

    public Answer ShouldBeOk()
    {
        Status.ShouldBe(200, Body);
        ContentType.ShouldBe("application/vnd.schemaregistry.v1+json");
        return this;
    }

    /// <summary>The body is exactly this JSON.</summary>
    public void ShouldBeOk(string body) => ShouldBeOk().Body.ShouldBe(body);
}
