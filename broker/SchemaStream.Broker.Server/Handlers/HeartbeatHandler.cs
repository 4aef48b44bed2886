using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// Heartbeat v0–4. REBALANCE_IN_PROGRESS tells the member to join again.
internal sealed class HeartbeatHandler(IGroupAccess groups) : ApiHandler<HeartbeatRequest, HeartbeatResponse>
{
    protected override async ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context)
    {
        var command = new HeartbeatCommand(request.GroupId, request.GenerationId, request.MemberId, request.GroupInstanceId);
        var reply = await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        return new HeartbeatResponse { ErrorCode = reply.ErrorCode };
    }
}
