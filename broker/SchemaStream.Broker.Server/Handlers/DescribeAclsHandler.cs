using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

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
