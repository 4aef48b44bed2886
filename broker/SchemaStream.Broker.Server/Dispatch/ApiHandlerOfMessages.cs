using System.Runtime.CompilerServices;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>A handler of one request message: translates it for the runtime and the outcome back. Serves all versions defined, unless it says less.</summary>
public abstract class ApiHandler<TRequest, TResponse> : ApiHandler
    where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
    where TResponse : class, IResponseMessage, IApiMessage, new()
{
    private readonly MessagePool<TRequest> _requests = new();
    private readonly MessagePool<TResponse> _responses = new();

    public override ApiKey ApiKey => TRequest.ApiKey;

    public override short MinVersion => TRequest.MinVersion;

    public override short MaxVersion => TRequest.MaxVersion;

    /// <summary>
    /// The reply; null when the protocol has none to this request. It is not sent either where the context was told to
    /// omit it or to close the connection.
    /// </summary>
    protected abstract ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context);

    /// <summary>An empty response to fill: where messages are reused, one that was sent before.</summary>
    protected TResponse NewResponse() => ReusesMessages ? _responses.Rent() : new TResponse();

    internal sealed override bool IsFlexible(short version) => version >= TRequest.FirstFlexibleVersion;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal sealed override async ValueTask InvokeAsync(RequestContext context)
    {
        var measured = context.Table.Quotas is { LimitsRequests: true } quotas ? quotas : null;
        var began = measured?.Timestamp() ?? 0;
        var request = Decode(context);
#pragma warning disable CA2012 // Awaited exactly once, right after the memory was given back.
        var pending = HandleAsync(request, context);
#pragma warning restore CA2012 // Back to the rule.
        if (measured is not null && !context.IsExemptFromQuotas)
        {
            // What the request does on other threads, or after its first wait, cannot be told apart from others' work.
            context.Throttle(measured.RecordRequest(context.User, context.ClientId, measured.Since(began)));
        }

        if (!KeepsRequestMemory)
        {
            context.ReleaseRequest();
        }

        var response = await pending.ConfigureAwait(false);
        if (context.Outcome == RequestOutcome.Pending)
        {
            if (response is not null)
            {
                Encode(response, context);
            }

            context.Outcome = response is null ? RequestOutcome.NoReply : RequestOutcome.Reply;
        }

        // After a fault they are not: someone may still look at them.
        if (ReusesMessages)
        {
            _requests.Return(request);
            if (response is not null)
            {
                _responses.Return(response);
            }
        }
    }

    private TRequest Decode(RequestContext context)
    {
        var reader = new KafkaReader(context.Body, context.Texts);
        var request = ReusesMessages ? _requests.Rent() : new TRequest();
        request.Read(ref reader, context.ApiVersion);
        return request;
    }

    private static void Encode(TResponse response, RequestContext context)
    {
        if (context.Pause > TimeSpan.Zero && response is IThrottledResponse throttled)
        {
            throttled.ThrottleTimeMs = (int)context.Pause.TotalMilliseconds;
        }

        var flexible = context.ApiVersion >= TRequest.FirstFlexibleVersion;
        ResponseEncoder.Encode(context, response, context.ApiVersion, ResponseHeader.VersionFor(TRequest.ApiKey, flexible));
    }
}
