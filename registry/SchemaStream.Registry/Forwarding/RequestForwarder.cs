using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Election;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Logs;
using SchemaStream.Registry.Logs.Kafka;

namespace SchemaStream.Registry.Forwarding;

/// <summary>
/// Passes a write on to the instance that leads, and answers once this instance has read it back: whoever writes here
/// reads here what was written.
/// </summary>
internal sealed class RequestForwarder(
    GroupElection election, KafkaLog log, RegistryWriter writer, KafkaStoreOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    public const string ForwardHeader = "X-Forward";

    /// <summary>How far the leader has read when it answers; for other instances of SchemaStream alone.</summary>
    public const string EndsHeader = "X-SchemaStream-Log-Ends";

    private const int LargestReplyBytes = 64 * 1024 * 1024;

    private static readonly string[] PassedOn = ["Accept", "Authorization", "X-Forwarded-For"];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PolicyOf(options.PeerAuthorities) },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestReplyBytes,
    };

    public static bool IsForwarded(HttpContext context) =>
        string.Equals(context.Request.Headers[ForwardHeader], "true", StringComparison.OrdinalIgnoreCase);

    public static string Write(LogEnds ends) => FormattableString.Invariant($"{ends.Schemas},{ends.Contracts}");

    /// <summary>Has the leader answer the request.</summary>
    public async Task RunAsync(HttpContext context)
    {
        // Passed on once: two instances that take each other for the leader must not play ball with a request.
        if (IsForwarded(context))
        {
            await Reply.ErrorAsync(context, Unknown("This instance does not lead, and the request was forwarded already."))
                .ConfigureAwait(false);
            return;
        }

        if (election.Leader is not { } leader || election.IsLeader)
        {
            await Reply.ErrorAsync(context, Unknown("No instance leads at the moment. Try again.")).ConfigureAwait(false);
            return;
        }

        using var limit = new CancellationTokenSource(options.ForwardTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            await ForwardAsync(context, leader, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.StoreTimedOut, $"The leader {leader.Url} did not answer in time; whether the change was made is not known."))
                .ConfigureAwait(false);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException || KafkaCluster.IsPassing(unreachable))
        {
            RegistryMessages.ForwardFailed(logger, leader.Url, unreachable);
            await Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.ForwardingFailed, $"The leader {leader.Url} could not be asked: {unreachable.Message}"))
                .ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task ForwardAsync(HttpContext context, MemberIdentity leader, CancellationToken cancellationToken)
    {
        using var request = RequestTo(leader, context);
        using var answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode)
        {
            var ends = EndsOf(answer.Headers) ?? await log.EndsAsync(cancellationToken).ConfigureAwait(false);
            await writer.ReachedAsync(ends, cancellationToken).ConfigureAwait(false);
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Content.Headers.ContentType is { } type)
        {
            context.Response.ContentType = type.ToString();
        }

        if (body.Length > 0)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private HttpRequestMessage RequestTo(MemberIdentity leader, HttpContext context)
    {
        // As it came: an encoded slash must arrive as one.
        var target = RequestTarget.Raw(context);
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(
            leader.Url + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (RequestState.Of(context).Body is { Length: > 0 } body)
        {
            request.Content = new ByteArrayContent(body);
            if (context.Request.ContentType is { } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }

        foreach (var name in PassedOn.Concat(options.ForwardedHeaders))
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation("X-Request-ID", context.Response.Headers["X-Request-ID"].ToString());
        request.Headers.TryAddWithoutValidation(ForwardHeader, "true");
        return request;
    }

    private static X509ChainPolicy? PolicyOf(X509Certificate2Collection? authorities)
    {
        if (authorities is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Confluent's leaders do not say: then the topics' own ends are asked for.</summary>
    private static LogEnds? EndsOf(HttpResponseHeaders headers) =>
        headers.TryGetValues(EndsHeader, out var values)
        && values.First().Split(',') is [var schemas, var contracts]
        && long.TryParse(schemas, NumberStyles.None, CultureInfo.InvariantCulture, out var schemasEnd)
        && long.TryParse(contracts, NumberStyles.None, CultureInfo.InvariantCulture, out var contractsEnd)
            ? new LogEnds(schemasEnd, contractsEnd)
            : null;

    private static RegistryError Unknown(string message) => new(ErrorCodes.LeaderUnknown, message);
}
