using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1001 v0: a leader of the quorum makes itself known. Controller's listener only.
internal sealed class BeginQuorumLeaderEpochHandler(IQuorumAccess quorum) : ApiHandler<BeginQuorumLeaderEpochRequest, BeginQuorumLeaderEpochResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<BeginQuorumLeaderEpochResponse?> HandleAsync(BeginQuorumLeaderEpochRequest request, RequestContext context) =>
        await quorum.BeginEpochAsync(request, context.Cancellation).ConfigureAwait(false);
}
