using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests;

/// <summary>One registry of several on a cluster, with a client of its own.</summary>
internal sealed class Instance : IAsyncDisposable
{
    private readonly RegistryHost _host;
    private bool _gone;

    private Instance(RegistryHost host, HttpMessageHandler http)
    {
        _host = host;
        Http = new HttpClient(http) { BaseAddress = host.BaseAddress, Timeout = TimeSpan.FromSeconds(40) };
    }

    public HttpClient Http { get; }

    public RegistryHost Host => _host;

    public static async Task<Instance> StartAsync(
        string bootstrapServers, Func<KafkaStoreOptions, KafkaStoreOptions>? change = null, ILoggerFactory? logs = null,
        Func<RegistryOptions, RegistryOptions>? run = null, HttpMessageHandler? http = null)
    {
        var store = new KafkaStoreOptions { Bootstrap = KafkaStoreOptions.Brokers(bootstrapServers) };
        var options = new RegistryOptions { DataDirectory = "", Port = 0, Kafka = change?.Invoke(store) ?? store };
        options = run?.Invoke(options) ?? options;
        return new Instance(await RegistryHost.StartAsync(options, logs ?? new LogCollector()), http ?? new SocketsHttpHandler());
    }

    public Task<(int Status, JsonElement Body)> RegisterAsync(string subject, string schema) =>
        SendAsync(HttpMethod.Post, $"/subjects/{subject}/versions", JsonSerializer.Serialize(new { schema }));

    public Task<(int Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<(int Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/vnd.schemaregistry.v1+json");
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Whether it writes itself: a request that was forwarded already goes no further.</summary>
    public async Task<bool> LeadsAsync()
    {
        var (status, _) = await SendAsync(HttpMethod.Delete, "/subjects/is-not-there", null, ("X-Forward", "true"));
        return status == (int)HttpStatusCode.NotFound;
    }

    /// <summary>Goes as a killed process does.</summary>
    public async Task VanishAsync()
    {
        _gone = true;
        await _host.VanishAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_gone)
        {
            await _host.DisposeAsync();
        }
    }
}
