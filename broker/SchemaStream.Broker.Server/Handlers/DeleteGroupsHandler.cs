using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DeleteGroups v0–2. Only an empty group goes (else NON_EMPTY_GROUP), with its offsets. Errors are per group.
internal sealed class DeleteGroupsHandler(IGroupAccess groups) : ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse>
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(DeleteGroupsRequest request, RequestContext context)
    {
        var response = new DeleteGroupsResponse();
        foreach (var groupId in request.GroupsNames)
        {
            var reply = await groups.SubmitAsync(groupId, new DeleteGroupCommand(groupId), context.Cancellation).ConfigureAwait(false);
            response.Results.Add(new() { GroupId = groupId, ErrorCode = reply.ErrorCode });
        }

        return response;
    }
}
