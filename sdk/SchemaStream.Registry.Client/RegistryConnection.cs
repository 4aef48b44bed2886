using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Registry.Client.Wire;

namespace SchemaStream.Registry.Client;

/// <summary>One request, one reply; every way to fail becomes a <see cref="RegistryException"/>.</summary>
internal sealed class RegistryConnection : IDisposable
{
    /// <summary>Options have these names here and in whatever is made on top of this client.</summary>
    private const string Credentials =
        " The registry wants to know who asks: set RegistryBasicCredentials (user:password), RegistryBearerToken or "
        + "RegistryBearerTokenProvider; of a RegistryClient alone, BasicCredentials, BearerToken or BearerTokenProvider.";

    private readonly HttpClient _http;
    private readonly RegistryInstances _instances;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _firstPause;
    private readonly int _retries;
    private readonly TimeProvider _timeProvider;
    private readonly Func<CancellationToken, ValueTask<string>>? _tokens;

    public RegistryConnection(RegistryClientOptions options, HttpMessageHandler? handler)
    {
        _instances = new RegistryInstances(options);
        _timeout = options.RequestTimeout;
        _firstPause = options.RetryDelay;
        _retries = options.Retries;
        _timeProvider = options.TimeProvider;
        _tokens = options.BearerTokenProvider;
        _http = RegistryHttp.Create(options, handler);
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
    /// <remarks>
    /// Asks one instance after the other, and all again a few times, for as long as the failure is one of the moment. Every
    /// request of this client may be sent twice: registering or binding the same again changes nothing.
    /// </remarks>
    public async Task<RegistryReply<TReply>> TrySendAsync<TReply>(
        HttpMethod method,
        string path,
        byte[]? body,
        JsonTypeInfo<TReply> reply,
        CancellationToken cancellationToken)
        where TReply : class
    {
        var first = _instances.Preferred;
        for (var attempt = 0; ; attempt++)
        {
            var instance = first + attempt;
            var isLast = attempt + 1 >= _instances.Count * (_retries + 1);
            try
            {
                var answer = await AskAsync(_instances[instance], method, path, body, reply, cancellationToken).ConfigureAwait(false);
                if (isLast || !IsOfTheMoment(answer))
                {
                    _instances.Prefer(instance);
                    return answer.Value is not null || answer.Status == (int)HttpStatusCode.NotFound
                        ? answer
                        : throw Refusal(method, path, answer);
                }
            }
            catch (HttpRequestException failure)
            {
                if (isLast)
                {
                    throw Unreachable(method, path, failure.Message, failure);
                }
            }
            catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Once for each instance: who waited this long already is not made to wait as long again.
                if (attempt + 1 >= _instances.Count)
                {
                    throw Unreachable(method, path, $"no answer within {_timeout.TotalSeconds:0.###} s", failure);
                }
            }

            if ((attempt + 1) % _instances.Count == 0)
            {
                var round = (attempt + 1) / _instances.Count;
                await Task.Delay(_firstPause * Math.Pow(4, round - 1), _timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public static RegistryException Refusal<TReply>(HttpMethod method, string path, RegistryReply<TReply> reply)
        where TReply : class =>
        new(reply.ErrorCode, reply.Status,
            $"{reply.Message} (error {reply.ErrorCode}, answer of {reply.Root} to {method} {path})"
            + (reply.Status == (int)HttpStatusCode.Unauthorized ? Credentials : ""));

    public void Dispose() => _http.Dispose();

    /// <summary>Out of service, or without a leader to forward to: another instance, or this one in a moment, may do better.</summary>
    private static bool IsOfTheMoment<TReply>(in RegistryReply<TReply> answer)
        where TReply : class =>
        answer.Status is 408 or 429 or 500 or 502 or 503 or 504;

    private async Task<RegistryReply<TReply>> AskAsync<TReply>(
        string root, HttpMethod method, string path, byte[]? body, JsonTypeInfo<TReply> reply, CancellationToken cancellationToken)
        where TReply : class
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        using var request = new HttpRequestMessage(method, root + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(RegistryHttp.ContentType);
        }

        if (_tokens is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(_tokens, timeout.Token).ConfigureAwait(false));
        }

        using var response = await _http.SendAsync(request, timeout.Token).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return new(Read(root, method, path, bytes, reply), 0, (int)response.StatusCode, "", root);
        }

        var error = ReadError(response.StatusCode, bytes);
        return new(null, error.ErrorCode ?? RegistryErrorCodes.UnreadableReply, (int)response.StatusCode, error.Message ?? "", root);
    }

    /// <summary>A token, or the reason why there is none, whatever it is: no fault of an instance's, so that no other is asked for it.</summary>
    private static async ValueTask<string> TokenAsync(Func<CancellationToken, ValueTask<string>> tokens, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryUnreachableException(
                $"The schema registry cannot be asked: the provider of bearer tokens failed with {failure.GetType().Name}: {failure.Message}", failure);
        }
    }

    private static TReply Read<TReply>(string root, HttpMethod method, string path, byte[] bytes, JsonTypeInfo<TReply> reply)
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
                $"{root} answered {method} {path} with something that is not a registry's reply: {failure.Message} " +
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
        new($"No schema registry answered at {_instances.Names} to {method} {path}: {why}. Check that the registry runs there " +
            $"(`schemastream up` starts one; `curl {_instances[0]}/subjects` must answer) and that the address is right.", cause);
}

/// <summary>A value, or why there is none.</summary>
internal readonly record struct RegistryReply<T>(T? Value, int ErrorCode, int Status, string Message, string Root)
    where T : class;
