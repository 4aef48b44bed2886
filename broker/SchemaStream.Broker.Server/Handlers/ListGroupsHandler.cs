using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ListGroups v0–5. All groups coordinated by this broker; v4 filters by state, v5 by type. While a shard is loading the
// answer has its error beside the groups of the others.
internal sealed class ListGroupsHandler(IGroupAccess groups) : ApiHandler<ListGroupsRequest, ListGroupsResponse>
{
    protected override async ValueTask<ListGroupsResponse?> HandleAsync(ListGroupsRequest request, RequestContext context)
    {
        var command = new ListGroupsCommand(request.StatesFilter, request.TypesFilter);
        var replies = await groups.SubmitToAllAsync(command, context.Cancellation).ConfigureAwait(false);
        var response = new ListGroupsResponse();
        foreach (var reply in replies)
        {
            // A shard of another broker is that broker's to tell.
            if (reply.ErrorCode is not (ErrorCode.None or ErrorCode.NotCoordinator))
            {
                response.ErrorCode = reply.ErrorCode;
            }

            foreach (var group in reply.Groups)
            {
                response.Groups.Add(new()
                {
                    GroupId = group.GroupId,
                    ProtocolType = group.ProtocolType,
                    GroupState = group.State,
                    GroupType = group.Type,
                });
            }
        }

        return response;
    }
}
