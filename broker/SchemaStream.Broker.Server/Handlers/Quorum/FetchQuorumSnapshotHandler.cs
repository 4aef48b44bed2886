using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

// 1004 v0: a follower reads a part of a snapshot. SNAPSHOT_NOT_FOUND: a newer one has taken its place. Controller's
// listener only.
internal sealed class FetchQuorumSnapshotHandler(IQuorumAccess quorum) : ApiHandler<FetchQuorumSnapshotRequest, FetchQuorumSnapshotResponse>
{
    public override bool MayOverlap => true;

    protected override async ValueTask<FetchQuorumSnapshotResponse?> HandleAsync(FetchQuorumSnapshotRequest request, RequestContext context) =>
        await quorum.FetchSnapshotAsync(request, context.Cancellation).ConfigureAwait(false);
}
