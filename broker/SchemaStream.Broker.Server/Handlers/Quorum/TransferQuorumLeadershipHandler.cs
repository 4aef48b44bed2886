using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1005 v0: the leader hands its office to another voter that has all it has; answered once that was told so. Controller's
// listener only: a node that does not lead is NOT_LEADER_OR_FOLLOWER, and DescribeQuorum says where the leader is.
internal sealed class TransferQuorumLeadershipHandler(IQuorumAccess quorum)
    : ApiHandler<TransferQuorumLeadershipRequest, TransferQuorumLeadershipResponse>
{
    protected override async ValueTask<TransferQuorumLeadershipResponse?> HandleAsync(
        TransferQuorumLeadershipRequest request, RequestContext context) =>
        await quorum.TransferLeadershipAsync(request, context.Cancellation).ConfigureAwait(false);
}
