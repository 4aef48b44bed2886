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

internal static class TelemetryClients
{
    public static TelemetryClient Of(Guid instanceId, RequestContext context) => new(
        instanceId,
        context.ClientId,
        context.Connection.SoftwareName,
        context.Connection.SoftwareVersion,
        context.Connection.Remote);
}
