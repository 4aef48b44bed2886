using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Server.Telemetry;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What administrators ask for besides topics and partitions.</summary>
internal static class AdministrationHandlers
{
    public static IReadOnlyList<ApiHandler> Create(IMetadataAccess metadata, BrokerSettings settings) =>
    [
        new DescribeConfigsHandler(metadata, settings),
        new IncrementalAlterConfigsHandler(metadata),
        new AlterConfigsHandler(metadata),
        new ListConfigResourcesHandler(metadata),
        new UpdateFeaturesHandler(metadata),
        new DescribeClientQuotasHandler(metadata),
        new AlterClientQuotasHandler(metadata),
        new DescribeUserScramCredentialsHandler(metadata),
        new AlterUserScramCredentialsHandler(metadata),
        .. NoAuthorizer.Handlers(),
        new SaslHandshakeHandler(),
        new SaslAuthenticateHandler(),
    ];

    public static IReadOnlyList<ApiHandler> OfLogDirectories(ILogDirectoryAccess directories) => [new DescribeLogDirsHandler(directories)];

    public static IReadOnlyList<ApiHandler> OfTelemetry(ClientTelemetry telemetry) =>
        [new GetTelemetrySubscriptionsHandler(telemetry), new PushTelemetryHandler(telemetry)];
}
