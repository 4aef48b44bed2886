using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1003 v0: a follower of the quorum reads the log; waits for news up to half a second. A newer one of the same follower
// ends the wait of the older with REQUEST_TIMED_OUT. Controller's listener only.
internal sealed class FetchQuorumLogHandler(IQuorumAccess quorum) : ApiHandler<FetchQuorumLogRequest, FetchQuorumLogResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<FetchQuorumLogResponse?> HandleAsync(FetchQuorumLogRequest request, RequestContext context) =>
        await quorum.FetchAsync(request, context.Cancellation).ConfigureAwait(false);
}
