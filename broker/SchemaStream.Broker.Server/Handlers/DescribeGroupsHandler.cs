using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeGroups v0–6. A group that is not there is "Dead"; only v6 and later call that an error (GROUP_ID_NOT_FOUND).
internal sealed class DescribeGroupsHandler(IGroupAccess groups) : ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    protected override async ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context)
    {
        var response = new DescribeGroupsResponse();
        foreach (var groupId in request.Groups)
        {
            var reply = await groups.SubmitAsync(groupId, new DescribeGroupCommand(groupId), context.Cancellation).ConfigureAwait(false);
            var group = Answer(reply, context.ApiVersion);
            if (request.IncludeAuthorizedOperations && reply.ErrorCode == ErrorCode.None)
            {
                group.AuthorizedOperations = AuthorizedOperations.OfGroup;
            }

            response.Groups.Add(group);
        }

        return response;
    }

    private static DescribeGroupsResponse.DescribedGroup Answer(DescribeGroupReply reply, short version)
    {
        var isTold = version >= 6 || reply.ErrorCode != ErrorCode.GroupIdNotFound;
        var group = new DescribeGroupsResponse.DescribedGroup
        {
            ErrorCode = isTold ? reply.ErrorCode : ErrorCode.None,
            ErrorMessage = isTold ? reply.ErrorMessage : null,
            GroupId = reply.GroupId,
            GroupState = reply.State,
            ProtocolType = reply.ProtocolType,
            ProtocolData = reply.ProtocolData,
        };
        foreach (var member in reply.Members)
        {
            group.Members.Add(new()
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = member.Metadata,
                MemberAssignment = member.Assignment,
            });
        }

        return group;
    }
}
