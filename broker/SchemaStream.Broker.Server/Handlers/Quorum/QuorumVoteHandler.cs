using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1000 v0: another controller asks for this one's vote. On disk before it is answered. Controller's listener only.
internal sealed class QuorumVoteHandler(IQuorumAccess quorum) : ApiHandler<QuorumVoteRequest, QuorumVoteResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<QuorumVoteResponse?> HandleAsync(QuorumVoteRequest request, RequestContext context) =>
        await quorum.VoteAsync(request, context.Cancellation).ConfigureAwait(false);
}
