using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// AddRaftVoter v0–1. The voter has to follow the log first; waits for that, and for the commit, up to the request's
// time-out. Directory ids are not looked at: a node id has one directory.
internal sealed class AddRaftVoterHandler(IQuorumAccess quorum, QuorumRequestOrigin origin) : ApiHandler<AddRaftVoterRequest, AddRaftVoterResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<AddRaftVoterResponse?> HandleAsync(AddRaftVoterRequest request, RequestContext context) =>
        await quorum.AddVoterAsync(request, origin, context.Cancellation).ConfigureAwait(false);
}
