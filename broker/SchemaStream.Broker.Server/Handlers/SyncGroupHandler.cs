using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// SyncGroup v0–5. The leader hands in the assignment; everyone is answered once it has. v5 checks protocol type and name.
internal sealed class SyncGroupHandler(IGroupAccess groups) : ApiHandler<SyncGroupRequest, SyncGroupResponse>
{
    protected override async ValueTask<SyncGroupResponse?> HandleAsync(SyncGroupRequest request, RequestContext context)
    {
        var reply = await groups.SubmitAsync(
            request.GroupId,
            new SyncGroupCommand
            {
                GroupId = request.GroupId,
                GenerationId = request.GenerationId,
                MemberId = request.MemberId,
                GroupInstanceId = request.GroupInstanceId,
                ProtocolType = request.ProtocolType,
                ProtocolName = request.ProtocolName,
                Assignments = Copy(request.Assignments),
            },
            context.Cancellation).ConfigureAwait(false);
        return new SyncGroupResponse
        {
            ErrorCode = reply.ErrorCode,
            ProtocolType = reply.ProtocolType,
            ProtocolName = reply.ProtocolName,
            Assignment = reply.Assignment,
        };
    }

    /// <summary>The group keeps this for as long as the generation lasts, the request's memory goes with the reply.</summary>
    private static MemberAssignment[] Copy(List<SyncGroupRequest.SyncGroupRequestAssignment> assignments)
    {
        var copies = new MemberAssignment[assignments.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = new MemberAssignment(assignments[i].MemberId, assignments[i].Assignment.ToArray());
        }

        return copies;
    }
}
