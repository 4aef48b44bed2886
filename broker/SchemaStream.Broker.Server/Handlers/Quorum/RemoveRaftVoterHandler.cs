using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// RemoveRaftVoter v0. Waits for the commit; a leader that removes itself resigns then. Directory ids are not looked at.
internal sealed class RemoveRaftVoterHandler(IQuorumAccess quorum, QuorumRequestOrigin origin) : ApiHandler<RemoveRaftVoterRequest, RemoveRaftVoterResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<RemoveRaftVoterResponse?> HandleAsync(RemoveRaftVoterRequest request, RequestContext context) =>
        await quorum.RemoveVoterAsync(request, origin, context.Cancellation).ConfigureAwait(false);
}
