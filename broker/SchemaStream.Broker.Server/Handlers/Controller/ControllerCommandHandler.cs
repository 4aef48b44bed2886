using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller.Wire;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers.Controller;

// 1010–1029 v0: a broker's command to the active controller, on the controller's listener. Answered once committed. On any
// other node NOT_CONTROLLER, and from another cluster INCONSISTENT_CLUSTER_ID: nothing was decided then. Commands of one
// connection are decided side by side, as each waits for its commit.
internal sealed class ControllerCommandHandler<TCommand, TReply, TRequest, TResponse>(
    IControllerAccess controller, ControllerApi<TCommand, TReply, TRequest, TResponse> api)
    : ApiHandler<TRequest, TResponse>
    where TCommand : ControllerCommand<TReply>
    where TReply : class
    where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
    where TResponse : class, IResponseMessage, IApiMessage, new()
{
    public override bool MayOverlap => true;

    protected override async ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context)
    {
        var clusterId = api.ClusterIdOf(request);
        var answer = clusterId == controller.ClusterId
            ? await controller.DecideAsync(api.CommandOf(request), context.Cancellation).ConfigureAwait(false)
            : new ControllerAnswer<TReply>(
                ErrorCode.InconsistentClusterId,
                $"This controller is of cluster {controller.ClusterId}, the request of cluster {clusterId}.",
                null,
                -1);
        return api.ResponseOf(answer);
    }
}
