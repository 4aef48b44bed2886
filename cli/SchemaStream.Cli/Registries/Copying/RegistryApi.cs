using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaStream.Cli.Registries.Copying;

/// <summary>A registry's HTTP API as far as copying needs it. What may pass is tried again.</summary>
internal sealed class RegistryApi : IDisposable
{
    private const int Tries = 5;
    private const long LargestReply = 1L << 30;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly Uri _base;
    private readonly TimeProvider _time;

    /// <param name="url">Where the registry is.</param>
    /// <param name="credentials">As whom it is asked; null: as nobody.</param>
    /// <param name="time">By whose clock it is tried again.</param>
    /// <param name="authorityFile">PEM certificates of those to trust; null: those that the system trusts.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public RegistryApi(Uri url, AuthenticationHeaderValue? credentials, TimeProvider time, string? authorityFile = null)
    {
        _base = url;
        _time = time;
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, AllowAutoRedirect = false };
        if (authorityFile is not null)
        {
            handler.SslOptions.CertificateChainPolicy = Trusting(authorityFile);
        }

        _http = new HttpClient(handler)
        {
            MaxResponseContentBufferSize = LargestReply,
        };
        _http.DefaultRequestHeaders.Authorization = credentials;
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.schemaregistry.v1+json");
    }

    /// <summary>As messages name it, without credentials.</summary>
    public string Name => _base.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    public static string Escape(string segment) => Uri.EscapeDataString(segment);

    public void Dispose() => _http.Dispose();

    /// <summary>Null for what is not there.</summary>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return status == HttpStatusCode.NotFound ? null : Check(HttpMethod.Get, path, status, body);
    }

    public async Task<JsonNode?> SendCheckedAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var (status, reply) = await SendAsync(method, path, body, cancellationToken);
        return Check(method, path, status, reply);
    }

    /// <summary>All of a list, page by page.</summary>
    public async Task<List<JsonObject>> PagesAsync(string path, CancellationToken cancellationToken)
    {
        const int Page = 1000;
        var all = new List<JsonObject>();
        while (true)
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = await FindAsync($"{path}{separator}offset={all.Count}&limit={Page}", cancellationToken) as JsonArray ?? [];
            all.AddRange(page.OfType<JsonObject>());
            if (page.Count < Page)
            {
                return all;
            }
        }
    }

    private static X509ChainPolicy Trusting(string authorityFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        }
        catch (CryptographicException unreadable)
        {
            throw new IOException($"'{authorityFile}' cannot be read as the authorities to trust: {unreadable.Message}", unreadable);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new IOException($"'{authorityFile}' holds no certificate to trust: a PEM file with at least one is expected.");
    }

    private JsonNode? Check(HttpMethod method, string path, HttpStatusCode status, string body)
    {
        if ((int)status is < 200 or > 299)
        {
            throw new RegistryCopyException($"{Name}: {method} {path} was answered with {(int)status}: {(body.Length > 500 ? body[..500] : body)}") { Status = (int)status };
        }

        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException malformed)
        {
            throw new RegistryCopyException($"{Name}: {method} {path} was not answered with JSON. Is this a schema registry?", malformed);
        }
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, new Uri(
                Name + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.schemaregistry.v1+json");
            }

            try
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                var mayPass = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
                if (!mayPass || attempt == Tries)
                {
                    return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                if (attempt == Tries)
                {
                    throw new RegistryCopyException($"{Name} cannot be reached: {lost.Message} Run the same command again to go on.", lost) { IsUnreachable = true };
                }
            }

            await Task.Delay(FirstWait * (1 << attempt), _time, cancellationToken);
        }
    }
}
