using System.Runtime.CompilerServices;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>A handler of one request message: translates it for the runtime and the outcome back. Serves all versions defined, unless it says less.</summary>
public abstract class ApiHandler<TRequest, TResponse> : ApiHandler
    where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
    where TResponse : class, IResponseMessage, IApiMessage, new()
{
    public override ApiKey ApiKey => TRequest.ApiKey;

    public override short MinVersion => TRequest.MinVersion;

    public override short MaxVersion => TRequest.MaxVersion;

    /// <summary>Null when the protocol has no reply to this request.</summary>
    protected abstract ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context);

    internal sealed override bool IsFlexible(short version) => version >= TRequest.FirstFlexibleVersion;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal sealed override async ValueTask InvokeAsync(RequestContext context)
    {
        var request = Decode(context);
#pragma warning disable CA2012 // Awaited exactly once, right after the memory was given back.
        var pending = HandleAsync(request, context);
#pragma warning restore CA2012 // Back to the rule.
        if (!KeepsRequestMemory)
        {
            context.ReleaseRequest();
        }

        var response = await pending.ConfigureAwait(false);
        if (response is not null)
        {
            Encode(response, context);
            context.Outcome = RequestOutcome.Reply;
        }
        else if (context.Outcome == RequestOutcome.Pending)
        {
            context.Outcome = RequestOutcome.NoReply;
        }
    }

    private static TRequest Decode(RequestContext context)
    {
        var reader = new KafkaReader(context.Body);
        var request = new TRequest();
        request.Read(ref reader, context.ApiVersion);
        return request;
    }

    private static void Encode(TResponse response, RequestContext context)
    {
        var flexible = context.ApiVersion >= TRequest.FirstFlexibleVersion;
        ResponseEncoder.Encode(context, response, context.ApiVersion, ResponseHeader.VersionFor(TRequest.ApiKey, flexible));
    }
}
