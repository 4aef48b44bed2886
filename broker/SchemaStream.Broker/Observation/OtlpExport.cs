using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SchemaStream.Broker.Nodes;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Observation;

/// <summary>Sends metrics to an OpenTelemetry collector. Its libraries are loaded only where one is set: they cost 16 MB and 130 ms.</summary>
internal static class OtlpExport
{
    private const string ServiceName = "schemastream-broker";

    /// <summary>Null where no collector is set.</summary>
    public static IDisposable? Start(NodeConfiguration node, Meter meter) =>
        node.Settings.GivenOrNull(OtlpEndpoint) is { } endpoint ? Begin(node, meter, new Uri(endpoint)) : null;

    /// <summary>A method of its own that names none of the libraries' types to its caller, so that who does not get here loads nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Performance", "CA1859", Justification = "The caller shall not load the library for its name.")]
    private static IDisposable Begin(NodeConfiguration node, Meter meter, Uri endpoint) =>
        Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource
                .AddService(ServiceName, serviceInstanceId: $"{node.NodeId}")
                .AddAttributes([new("schemastream.node.id", (long)node.NodeId)]))
            .AddMeter(meter.Name)
            .AddMeter("System.Runtime")
            .AddView(instrument => new MetricStreamConfiguration { CardinalityLimit = Math.Max(2, node.Settings.Int(MetricsMaxSeries)) })
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = endpoint;
                exporter.Protocol = node.Settings.Value(OtlpProtocol) == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = node.Settings.Int(OtlpIntervalMs);
            })
            .Build();
}
