using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeAcls, CreateAcls and DeleteAcls v1–3. There are no access rules here: SECURITY_DISABLED, for each rule or filter
// that the request names, as by a Kafka without an authorizer.
internal static class NoAuthorizer
{
    private const string Message = "No Authorizer is configured on the broker.";

    public static IReadOnlyList<ApiHandler> Handlers() =>
    [
        new Handler<DescribeAclsRequest, DescribeAclsResponse>(_ =>
            new() { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = Message }),
        new Handler<CreateAclsRequest, CreateAclsResponse>(request => new()
        {
            Results = request.Creations.ConvertAll(_ =>
                new CreateAclsResponse.AclCreationResult { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = Message }),
        }),
        new Handler<DeleteAclsRequest, DeleteAclsResponse>(request => new()
        {
            FilterResults = request.Filters.ConvertAll(_ =>
                new DeleteAclsResponse.DeleteAclsFilterResult { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = Message }),
        }),
    ];

    private sealed class Handler<TRequest, TResponse>(Func<TRequest, TResponse> refuse) : ApiHandler<TRequest, TResponse>
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new()
    {
        protected override ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context) =>
            ValueTask.FromResult<TResponse?>(refuse(request));
    }
}
