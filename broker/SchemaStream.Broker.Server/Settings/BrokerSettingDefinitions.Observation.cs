using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// How a node is watched and stopped.
public static partial class BrokerSettingDefinitions
{
    /// <summary>By the names that .NET has for them, from the least severe on.</summary>
    internal static string[] LevelNames => ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"];

    private static IEnumerable<BrokerSettingDefinition> ObservationRows() =>
    [
        Text(HttpListenerAddress, ConfigType.String, null, "HOST:PORT, such as 127.0.0.1:9644", IsHostAndPort,
            "Where /metrics, /health/live and /health/ready are served; port 0 takes a free one. Without it nothing is served."),
        Int(MetricsMaxSeries, 1_000, 1,
            "Series of one metric on /metrics, and topics or groups that are told apart; further ones count together as '(other)'."),
        Text(OtlpEndpoint, ConfigType.String, null, "a URL, such as http://127.0.0.1:4317", IsHttpUrl,
            "The OpenTelemetry collector that metrics are sent to. Without it none are sent."),
        Text(OtlpProtocol, ConfigType.String, "grpc", "grpc or http/protobuf", text => text is "grpc" or "http/protobuf",
            "How the collector is spoken to; http/protobuf wants the whole path in the URL, mostly /v1/metrics."),
        Int(OtlpIntervalMs, 60_000, 100, "How often metrics are sent to the collector."),
        Text(LogFormat, ConfigType.String, "text", "text or json", text => text is "text" or "json",
            "How log lines are written to standard error: for people, or one JSON object a line."),
        Text(LogLevel, ConfigType.String, "Information", $"one of {string.Join(", ", LevelNames)}", IsLevel,
            "The least severe lines that are logged. The switch --log-level goes before it."),
        Text(LogLevels, ConfigType.List, null, "CATEGORY=LEVEL, several with commas between", AreLevels,
            "The same for single categories and what is below them, such as SchemaStream.Broker.Server=Debug."),
        Int(ShutdownTimeoutMs, 30_000, 1,
            "How long a stop may take: handing leaderships over, answering what is under way, closing logs. What is left is cut then."),
    ];

    private static IEnumerable<BrokerSettingDefinition> AuthorizerRows() =>
    [
        Text(AuthorizerClassName, ConfigType.Class, null, "a class name", IsFilled,
            "There is no authorizer here: it is only taken beside allow.everyone.if.no.acl.found=true, which is what holds."),
        Boolean(AllowEveryoneIfNoAclFound, true, "Everyone may do everything here; false is refused where an authorizer is asked for."),
    ];

    private static bool IsLevel(string text) => LevelNames.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool AreLevels(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries).All(item => item.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            && IsLevel(item[(equals + 1)..].Trim()));

    private static bool IsHttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static bool IsHostAndPort(string text) =>
        text.LastIndexOf(':') is > 0 and var colon
        && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)
        && !text.Any(char.IsWhiteSpace);
}
