using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>There are no access rules here; every request for them is told so, as by a Kafka without an authorizer.</summary>
internal static class NoAuthorizer
{
    public const string Message = "No Authorizer is configured on the broker.";
}

// DescribeAcls v1–3: SECURITY_DISABLED.
internal sealed class DescribeAclsHandler : ApiHandler<DescribeAclsRequest, DescribeAclsResponse>
{
    protected override ValueTask<DescribeAclsResponse?> HandleAsync(DescribeAclsRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeAclsResponse?>(new()
        {
            ErrorCode = ErrorCode.SecurityDisabled,
            ErrorMessage = NoAuthorizer.Message,
        });
}

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
