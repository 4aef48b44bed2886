using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1002 v0: a leader of the quorum lays its office down. Controller's listener only.
internal sealed class EndQuorumLeaderEpochHandler(IQuorumAccess quorum) : ApiHandler<EndQuorumLeaderEpochRequest, EndQuorumLeaderEpochResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<EndQuorumLeaderEpochResponse?> HandleAsync(EndQuorumLeaderEpochRequest request, RequestContext context) =>
        await quorum.EndEpochAsync(request, context.Cancellation).ConfigureAwait(false);
}
