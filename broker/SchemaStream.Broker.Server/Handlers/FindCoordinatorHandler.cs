using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// FindCoordinator v0–6. Groups (type 0): the leader of the group's partition of __consumer_offsets, which is created when
// it is first asked for. Transactions (1): likewise of __transaction_state. Share groups (2) have no coordinator here:
// COORDINATOR_NOT_AVAILABLE. v4 asks for several keys at once and has its errors per key.
internal sealed class FindCoordinatorHandler(IMetadataAccess metadata, IGroupAccess groups, ITransactionAccess transactions)
    : ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;
    private const sbyte ShareKey = 2;

    protected override async ValueTask<FindCoordinatorResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context)
    {
        if (context.ApiVersion >= 4)
        {
            var response = new FindCoordinatorResponse();
            foreach (var key in request.CoordinatorKeys)
            {
                response.Coordinators.Add(await FindAsync(request.KeyType, key, context).ConfigureAwait(false));
            }

            return response;
        }

        var found = await FindAsync(request.KeyType, request.Key, context).ConfigureAwait(false);
        return new FindCoordinatorResponse
        {
            ErrorCode = found.ErrorCode,
            ErrorMessage = found.ErrorMessage,
            NodeId = found.NodeId,
            Host = found.Host,
            Port = found.Port,
        };
    }

    private async ValueTask<FindCoordinatorResponse.Coordinator> FindAsync(sbyte keyType, string key, RequestContext context)
    {
        CoordinatorResult coordinator;
        switch (keyType)
        {
            case GroupKey:
                coordinator = await groups.FindCoordinatorAsync(key, context.Cancellation).ConfigureAwait(false);
                break;
            case TransactionKey:
                coordinator = await transactions.FindCoordinatorAsync(key, context.Cancellation).ConfigureAwait(false);
                break;
            case ShareKey:
                return Failed(key, ErrorCode.CoordinatorNotAvailable, "No broker of this cluster coordinates share groups");
            default:
                return Failed(key, ErrorCode.InvalidRequest, $"KeyType: expected 0, 1 or 2, found {keyType}");
        }

        if (coordinator.Error != ErrorCode.None)
        {
            return Failed(key, coordinator.Error, null);
        }

        return ClusterView.Endpoint(metadata.Image, coordinator.NodeId, context.ListenerName) is { } endpoint
            ? new() { Key = key, NodeId = coordinator.NodeId, Host = endpoint.Host, Port = endpoint.Port }
            : Failed(key, ErrorCode.CoordinatorNotAvailable, null);
    }

    private static FindCoordinatorResponse.Coordinator Failed(string key, ErrorCode error, string? message) =>
        new() { Key = key, NodeId = -1, Host = "", Port = -1, ErrorCode = error, ErrorMessage = message };
}
