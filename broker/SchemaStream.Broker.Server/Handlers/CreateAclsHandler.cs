using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// CreateAcls v1–3: SECURITY_DISABLED for each rule.
internal sealed class CreateAclsHandler : ApiHandler<CreateAclsRequest, CreateAclsResponse>
{
    protected override ValueTask<CreateAclsResponse?> HandleAsync(CreateAclsRequest request, RequestContext context)
    {
        var response = new CreateAclsResponse();
        foreach (var _ in request.Creations)
        {
            response.Results.Add(new() { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = NoAuthorizer.Message });
        }

        return ValueTask.FromResult<CreateAclsResponse?>(response);
    }
}
