using System.Globalization;
using System.Text;

namespace SchemaStream.Registry.Observation;

/// <summary>The figures in Prometheus's text format.</summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static byte[] Write(RegistryMetrics metrics)
    {
        var text = new StringBuilder();
        Head(text, RegistryMetric.Requests);
        foreach (var route in metrics.Routes)
        {
            foreach (var (status, count) in route.Series.ByStatus())
            {
                Sample(text, RegistryMetric.Requests.PageName, $"{Labels(route)},status=\"{status}\"", count);
            }
        }

        Head(text, RegistryMetric.Duration);
        foreach (var route in metrics.Routes)
        {
            WriteDurations(text, route);
        }

        Head(text, RegistryMetric.Refusals);
        foreach (var (code, count) in metrics.Refusals)
        {
            Sample(text, RegistryMetric.Refusals.PageName, $"error_code=\"{code}\"", count);
        }

        var image = metrics.Registry.Image;
        Gauge(text, RegistryMetric.Subjects, image.Subjects.Count);
        Gauge(text, RegistryMetric.Schemas, RegistryMetrics.SchemasOf(image));
        Gauge(text, RegistryMetric.Contracts, image.Contracts.ByTopic.Count);
        Gauge(text, RegistryMetric.Leader, metrics.Registry.IsLeader ? 1 : 0);
        Head(text, RegistryMetric.LogEnd);
        Sample(text, RegistryMetric.LogEnd.PageName, "log=\"schemas\"", metrics.Registry.Ends.Schemas);
        Sample(text, RegistryMetric.LogEnd.PageName, "log=\"contracts\"", metrics.Registry.Ends.Contracts);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteDurations(StringBuilder text, RegistryMetrics.Route route)
    {
        var name = RegistryMetric.Duration.PageName;
        var (sum, buckets) = route.Series.Durations();
        var below = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            below += buckets[i];
            var bound = i < RouteSeries.Bounds.Length ? RouteSeries.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Sample(text, name + "_bucket", $"{Labels(route)},le=\"{bound}\"", below);
        }

        Sample(text, name + "_sum", Labels(route), sum);
        Sample(text, name + "_count", Labels(route), below);
    }

    /// <summary>Routes are our own and hold nothing that needs escaping.</summary>
    private static string Labels(RegistryMetrics.Route route) => $"method=\"{route.Method}\",route=\"{route.Pattern}\"";

    private static void Gauge(StringBuilder text, RegistryMetric metric, double value)
    {
        Head(text, metric);
        Sample(text, metric.PageName, labels: "", value);
    }

    private static void Head(StringBuilder text, RegistryMetric metric) => text
        .Append("# HELP ").Append(metric.PageName).Append(' ').Append(metric.Description).Append('\n')
        .Append("# TYPE ").Append(metric.PageName).Append(' ').Append(metric.Kind.ToString().ToLowerInvariant()).Append('\n');

    private static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
