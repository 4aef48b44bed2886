using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Telemetry;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// PushTelemetry v0 (KIP-714): a client's metrics. Too soon: THROTTLING_QUOTA_EXCEEDED; of a subscription that is another by
// now: UNKNOWN_SUBSCRIPTION_ID; after the last push: INVALID_REQUEST; unreadable: INVALID_RECORD.
internal sealed class PushTelemetryHandler(ClientTelemetry telemetry) : ApiHandler<PushTelemetryRequest, PushTelemetryResponse>
{
    protected override ValueTask<PushTelemetryResponse?> HandleAsync(PushTelemetryRequest request, RequestContext context)
    {
        var error = request.ClientInstanceId == Guid.Empty
            ? ErrorCode.InvalidRequest
            : telemetry.Push(
                TelemetryClients.Of(request.ClientInstanceId, context),
                request.SubscriptionId,
                request.Terminating,
                request.CompressionType,
                request.Metrics);
        return ValueTask.FromResult<PushTelemetryResponse?>(new() { ErrorCode = error });
    }
}
