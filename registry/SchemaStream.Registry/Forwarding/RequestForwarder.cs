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

    /// <summary>The topics that the caller keeps its log in; for other instances of SchemaStream alone.</summary>
    public const string LogHeader = "X-SchemaStream-Log";

    private const int LargestReplyBytes = 64 * 1024 * 1024;

    /// <summary>Instances are near each other: who does not take a connection by then is not there.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Before a leader that cannot be reached is asked again, unless another one leads sooner.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>What a leader is given to finish its answers once another one leads.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly string[] PassedOn = ["Accept", "Authorization", "X-Forwarded-For"];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectTimeout,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PolicyOf(options.PeerAuthorities) },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestReplyBytes,
    };

    public static bool IsForwarded(HttpContext context) =>
        string.Equals(context.Request.Headers[ForwardHeader], "true", StringComparison.OrdinalIgnoreCase);

    public static string Write(LogEnds ends) => FormattableString.Invariant($"{ends.Schemas},{ends.Contracts}");

    public static string AnotherLog(string leader, string theirs, string ours) =>
        $"The group is led by {leader}, whose log is in the topics {theirs}, and this instance's is in {ours}. They are not one "
        + "registry: give one of them another schema.registry.group.id.";

    /// <summary>Has the leader answer the request; where it cannot be reached, the one that comes after it.</summary>
    /// <returns>False where this instance has come to lead: nothing was answered, and it may answer itself.</returns>
    public async ValueTask<bool> RunAsync(HttpContext context)
    {
        // Passed on once: two instances that take each other for the leader must not play ball with a request.
        if (IsForwarded(context))
        {
            return await AnswerAsync(context, Unknown("This instance does not lead, and the request was forwarded already."))
                .ConfigureAwait(false);
        }

        var start = time.GetTimestamp();
        while (true)
        {
            var leader = election.Leader;
            if (election.IsLeader)
            {
                return false;
            }

            if (election.Other is { } other && await TryForwardAsync(context, other).ConfigureAwait(false))
            {
                return true;
            }

            if (time.GetElapsedTime(start) > options.LeaderTimeout)
            {
                return await AnswerAsync(context, leader is null
                    ? Unknown("No instance leads at the moment. Try again.")
                    : new RegistryError(ErrorCodes.ForwardingFailed, $"The leader {leader.Url} cannot be reached. Try again."))
                    .ConfigureAwait(false);
            }

            await election.ChangedAsync(leader, Pause, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <returns>False where the leader has not even heard of it.</returns>
    private async ValueTask<bool> TryForwardAsync(HttpContext context, MemberIdentity leader)
    {
        if (leader.Log is { } theirs && theirs != options.Log)
        {
            return await AnswerAsync(context, new RegistryError(ErrorCodes.ForwardingFailed, AnotherLog(leader.Url, theirs, options.Log)))
                .ConfigureAwait(false);
        }

        using var limit = new CancellationTokenSource(options.ForwardTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            await BoundAsync(ForwardAsync(context, leader, either.Token), leader, limit).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return await AnswerAsync(context, new RegistryError(
                ErrorCodes.StoreTimedOut, $"The leader {leader.Url} did not answer in time; whether the change was made is not known."))
                .ConfigureAwait(false);
        }
        catch (Exception unheard) when (unheard is OperationCanceledException
            or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError })
        {
            RegistryMessages.ForwardFailed(logger, leader.Url, unheard);
            return false;
        }
        catch (Exception cut) when (cut is HttpRequestException || KafkaCluster.IsPassing(cut))
        {
            RegistryMessages.ForwardFailed(logger, leader.Url, cut);
            return await AnswerAsync(context, new RegistryError(
                ErrorCodes.ForwardingFailed,
                $"The leader {leader.Url} could not be asked: {cut.Message} Whether the change was made is not known."))
                .ConfigureAwait(false);
        }
    }

    /// <summary>A leader that was replaced may be gone without a word: it is not waited for as long as one that leads.</summary>
    private async Task BoundAsync(Task forwarding, MemberIdentity leader, CancellationTokenSource limit)
    {
        using var done = new CancellationTokenSource();
        var replaced = election.ChangedAsync(leader, options.ForwardTimeout, done.Token).AsTask();
        if (await Task.WhenAny(forwarding, replaced).ConfigureAwait(false) == replaced && election.Leader?.Url != leader.Url)
        {
            limit.CancelAfter(Grace);
        }

        await ((Task)forwarding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await done.CancelAsync().ConfigureAwait(false);
        await ((Task)replaced).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await forwarding.ConfigureAwait(false);
    }

    private static async ValueTask<bool> AnswerAsync(HttpContext context, RegistryError error)
    {
        await Reply.ErrorAsync(context, error).ConfigureAwait(false);
        return true;
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
        request.Headers.TryAddWithoutValidation(LogHeader, options.Log);
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
