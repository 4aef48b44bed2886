using System.Net;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>One registry as a client has it.</summary>
internal sealed class RegistryCaller(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(40) };

    public Uri Address { get; } = address;

    public Task<(int Status, JsonElement Body)> RegisterAsync(string subject, string schema) =>
        SendAsync(HttpMethod.Post, $"/subjects/{subject}/versions", JsonSerializer.Serialize(new { schema }));

    /// <summary>Whether it writes itself: a request that was forwarded already goes no further.</summary>
    public async Task<bool> LeadsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri("/subjects/is-not-there", UriKind.Relative));
        request.Headers.Add("X-Forward", "true");
        using var response = await _http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.NotFound;
    }

    /// <summary>Every version that it holds.</summary>
    public async Task<List<(string Subject, int Version, int Id)>> HeldAsync()
    {
        var held = new List<(string, int, int)>();
        while (true)
        {
            var (_, page) = await SendAsync(HttpMethod.Get, $"/schemas?offset={held.Count}&limit=1000");
            if (page.GetArrayLength() == 0)
            {
                held.Sort();
                return held;
            }

            held.AddRange(page.EnumerateArray().Select(schema => (
                schema.GetProperty("subject").GetString()!,
                schema.GetProperty("version").GetInt32(),
                schema.GetProperty("id").GetInt32())));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/vnd.schemaregistry.v1+json");
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
