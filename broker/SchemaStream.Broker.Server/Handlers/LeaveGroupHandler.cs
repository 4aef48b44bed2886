using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// LeaveGroup v0–5. v0–2 name one member, whose error is the response's; v3 and later several, each with its own error.
internal sealed class LeaveGroupHandler(IGroupAccess groups) : ApiHandler<LeaveGroupRequest, LeaveGroupResponse>
{
    protected override async ValueTask<LeaveGroupResponse?> HandleAsync(LeaveGroupRequest request, RequestContext context)
    {
        var command = new LeaveGroupCommand(request.GroupId, Members(request, context.ApiVersion));
        var reply = await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        var response = new LeaveGroupResponse { ErrorCode = reply.ErrorCode };
        if (context.ApiVersion < 3)
        {
            if (response.ErrorCode == ErrorCode.None && reply.Members.Count > 0)
            {
                response.ErrorCode = reply.Members[0].ErrorCode;
            }

            return response;
        }

        foreach (var member in reply.Members)
        {
            response.Members.Add(new()
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ErrorCode = member.ErrorCode,
            });
        }

        return response;
    }

    private static LeavingMember[] Members(LeaveGroupRequest request, short version) => version < 3
        ? [new LeavingMember(request.MemberId, null)]
        : [.. request.Members.Select(member => new LeavingMember(member.MemberId, member.GroupInstanceId, member.Reason))];
}
