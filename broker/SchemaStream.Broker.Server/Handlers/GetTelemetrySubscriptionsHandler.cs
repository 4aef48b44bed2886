using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Telemetry;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// GetTelemetrySubscriptions v0 (KIP-714): what this client is to push and how often; without an id it gets one. Asked again
// within the interval it is THROTTLING_QUOTA_EXCEEDED.
internal sealed class GetTelemetrySubscriptionsHandler(ClientTelemetry telemetry)
    : ApiHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>
{
    protected override ValueTask<GetTelemetrySubscriptionsResponse?> HandleAsync(
        GetTelemetrySubscriptionsRequest request, RequestContext context)
    {
        var id = request.ClientInstanceId == Guid.Empty ? Guid.NewGuid() : request.ClientInstanceId;
        if (telemetry.Ask(TelemetryClients.Of(id, context)) is not { } subscription)
        {
            return ValueTask.FromResult<GetTelemetrySubscriptionsResponse?>(new() { ErrorCode = ErrorCode.ThrottlingQuotaExceeded });
        }

        return ValueTask.FromResult<GetTelemetrySubscriptionsResponse?>(new()
        {
            ClientInstanceId = id,
            SubscriptionId = subscription.Id,
            AcceptedCompressionTypes = [.. ClientTelemetry.Codecs.Select(codec => (sbyte)codec)],
            PushIntervalMs = subscription.IntervalMs,
            TelemetryMaxBytes = telemetry.MaxBytes,
            DeltaTemporality = true,
            RequestedMetrics = [.. subscription.Metrics],
        });
    }
}
