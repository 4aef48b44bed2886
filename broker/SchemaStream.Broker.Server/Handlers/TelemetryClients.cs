using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Telemetry;

namespace SchemaStream.Broker.Server.Handlers;

internal static class TelemetryClients
{
    public static TelemetryClient Of(Guid instanceId, RequestContext context) => new(
        instanceId,
        context.ClientId,
        context.Connection.SoftwareName,
        context.Connection.SoftwareVersion,
        context.Connection.Remote);
}
