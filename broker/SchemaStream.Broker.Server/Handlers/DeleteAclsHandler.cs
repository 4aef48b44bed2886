using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DeleteAcls v1–3: SECURITY_DISABLED for each filter.
internal sealed class DeleteAclsHandler : ApiHandler<DeleteAclsRequest, DeleteAclsResponse>
{
    protected override ValueTask<DeleteAclsResponse?> HandleAsync(DeleteAclsRequest request, RequestContext context)
    {
        var response = new DeleteAclsResponse();
        foreach (var _ in request.Filters)
        {
            response.FilterResults.Add(new() { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = NoAuthorizer.Message });
        }

        return ValueTask.FromResult<DeleteAclsResponse?>(response);
    }
}
