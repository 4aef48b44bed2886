namespace SchemaStream.Broker.Server.Settings;

// How a node is watched and stopped. The keys are ours: Kafka has these outside of its settings.
public static partial class BrokerSettingNames
{
    public const string HttpListenerAddress = "schemastream.http.listener";
    public const string LogFormat = "schemastream.log.format";
    public const string LogLevel = "schemastream.log.level";
    public const string LogLevels = "schemastream.log.levels";
    public const string MetricsMaxSeries = "schemastream.metrics.max.series";
    public const string OtlpEndpoint = "schemastream.otlp.endpoint";
    public const string OtlpIntervalMs = "schemastream.otlp.interval.ms";
    public const string OtlpProtocol = "schemastream.otlp.protocol";
    public const string ShutdownTimeoutMs = "schemastream.shutdown.timeout.ms";

    // Kafka's, which have one value here that is true.
    public const string AllowEveryoneIfNoAclFound = "allow.everyone.if.no.acl.found";
    public const string AuthorizerClassName = "authorizer.class.name";
}
