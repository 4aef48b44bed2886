using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Registry.Client.Wire;

namespace SchemaStream.Registry.Client;

/// <summary>One request, one reply; every way to fail becomes a <see cref="RegistryException"/>.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private const string ContentType = "application/vnd.schemaregistry.v1+json";
    private const int LargestReplyBytes = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly string _root;
    private readonly TimeSpan _timeout;

    public RegistryConnection(RegistryClientOptions options, HttpMessageHandler? handler)
    {
        _root = options.Address.AbsoluteUri.TrimEnd('/');
        _timeout = options.RequestTimeout;
        _http = handler is null
            ? new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            : new HttpClient(handler, disposeHandler: false);
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _http.MaxResponseContentBufferSize = LargestReplyBytes;
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(ContentType));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json", 0.5));
        _http.DefaultRequestHeaders.Authorization = Authorization(options);
    }

    /// <summary>Sends and reads the reply, or throws.</summary>
    public async Task<TReply> SendAsync<TReply>(
        HttpMethod method,
        string path,
        byte[]? body,
        JsonTypeInfo<TReply> reply,
        CancellationToken cancellationToken)
        where TReply : class
    {
        var answer = await TrySendAsync(method, path, body, reply, cancellationToken).ConfigureAwait(false);
        return answer.Value ?? throw Refusal(method, path, answer);
    }

    /// <summary>Sends and reads the reply; a 404 comes back as data, every other refusal is thrown.</summary>
    public async Task<RegistryReply<TReply>> TrySendAsync<TReply>(
        HttpMethod method,
        string path,
        byte[]? body,
        JsonTypeInfo<TReply> reply,
        CancellationToken cancellationToken)
        where TReply : class
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(method, _root + path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
            }

            using var response = await _http.SendAsync(request, timeout.Token).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return new RegistryReply<TReply>(Read(method, path, bytes, reply), 0, (int)response.StatusCode, "");
            }

            var error = ReadError(response.StatusCode, bytes);
            var refused = new RegistryReply<TReply>(
                null, error.ErrorCode ?? RegistryErrorCodes.UnreadableReply, (int)response.StatusCode, error.Message ?? "");
            return response.StatusCode == HttpStatusCode.NotFound ? refused : throw Refusal(method, path, refused);
        }
        catch (HttpRequestException failure)
        {
            throw Unreachable(method, path, failure.Message, failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(method, path, $"no answer within {_timeout.TotalSeconds:0.###} s", failure);
        }
    }

    public RegistryException Refusal<TReply>(HttpMethod method, string path, RegistryReply<TReply> reply)
        where TReply : class =>
        new(reply.ErrorCode, reply.Status,
            $"{reply.Message} (error {reply.ErrorCode}, answer of {_root} to {method} {path})");

    public void Dispose() => _http.Dispose();

    private static AuthenticationHeaderValue? Authorization(RegistryClientOptions options)
    {
        if (options.BearerToken is { } token)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        return options.BasicCredentials is { } credentials
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))
            : null;
    }

    private TReply Read<TReply>(HttpMethod method, string path, byte[] bytes, JsonTypeInfo<TReply> reply)
        where TReply : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, reply)
                ?? throw new JsonException("the reply is null");
        }
        catch (JsonException failure)
        {
            throw new RegistryException(
                $"{_root} answered {method} {path} with something that is not a registry's reply: {failure.Message} " +
                "Is this the address of a schema registry?", failure);
        }
    }

    private static WireError ReadError(HttpStatusCode status, byte[] bytes)
    {
        try
        {
            var error = JsonSerializer.Deserialize(bytes, WireJson.Default.WireError);
            if (error?.ErrorCode is not null)
            {
                return error;
            }
        }
        catch (JsonException)
        {
            // A proxy's page or another program's error: the status is all there is to tell.
        }

        return new WireError { Message = $"HTTP status {(int)status} {status}, without a registry's error in its body" };
    }

    private RegistryUnreachableException Unreachable(HttpMethod method, string path, string why, Exception cause) =>
        new($"No schema registry answered at {_root} to {method} {path}: {why}. Check that the registry runs there " +
            $"(`schemastream up` starts one; `curl {_root}/subjects` must answer) and that the address is right.", cause);
}

/// <summary>A value, or why there is none.</summary>
internal readonly record struct RegistryReply<T>(T? Value, int ErrorCode, int Status, string Message)
    where T : class;
