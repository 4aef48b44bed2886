using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// DescribeQuorum v0–2. From clients it is passed on to the leader; a controller that does not lead answers
// NOT_LEADER_OR_FOLLOWER per partition.
internal sealed class DescribeQuorumHandler(IQuorumAccess quorum, QuorumRequestOrigin origin) : ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<DescribeQuorumResponse?> HandleAsync(DescribeQuorumRequest request, RequestContext context) =>
        await quorum.DescribeAsync(request, context.ApiVersion, origin, context.Cancellation).ConfigureAwait(false);
}
