using System.Buffers;
using System.Globalization;
using System.Text;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Observation;

/// <summary>Metrics in Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string BytesUnit = "By";
    private const string SecondsUnit = "s";

    /// <summary>A metric's name there: its words joined by underscores, its unit spelt out, <c>_total</c> behind a counter.</summary>
    public static string NameOf(string name, string? unit, MetricKind kind)
    {
        var text = new StringBuilder(name.Length + 16);
        AppendWord(text, name);
        var suffix = unit switch { BytesUnit => "_bytes", SecondsUnit => "_seconds", _ => "" };
        if (!text.ToString().EndsWith(suffix, StringComparison.Ordinal))
        {
            text.Append(suffix);
        }

        return kind == MetricKind.Counter ? text.Append("_total").ToString() : text.ToString();
    }

    /// <summary>Letters, digits and underscores, and no digit first: all that names of metrics and labels may have.</summary>
    private static void AppendWord(StringBuilder text, string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            text.Append('_');
        }

        foreach (var letter in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }
    }

    public static byte[] Write(IReadOnlyList<(MetricFamily Family, IReadOnlyList<MetricSeries> Series)> metrics)
    {
        var text = new StringBuilder();
        foreach (var (family, series) in metrics)
        {
            if (series.Count > 0)
            {
                Write(text, family, series);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, MetricFamily family, IReadOnlyList<MetricSeries> series)
    {
        var name = family.Name;
        if (family.Instrument.Description is { Length: > 0 } description)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(description)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        foreach (var one in series)
        {
            if (family.Bounds is { } bounds)
            {
                WriteHistogram(text, name, one, bounds);
            }
            else
            {
                WriteSample(text, name, one.Tags, null, one.Read().Value);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, MetricSeries series, double[] bounds)
    {
        var (sum, count, buckets) = series.Read();
        var below = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            below += buckets[i];
            WriteSample(text, name + "_bucket", series.Tags, Number(bounds[i]), below);
        }

        WriteSample(text, name + "_bucket", series.Tags, "+Inf", count);
        WriteSample(text, name + "_sum", series.Tags, null, sum);
        WriteSample(text, name + "_count", series.Tags, null, count);
    }

    private static void WriteSample(
        StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, object?>> tags, string? upperBound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var (key, tag) in tags)
        {
            WriteLabel(text, ref separator, key, Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
        }

        if (upperBound is not null)
        {
            WriteLabel(text, ref separator, "le", upperBound);
        }

        if (separator == ',')
        {
            text.Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static void WriteLabel(StringBuilder text, ref char separator, string key, string value)
    {
        text.Append(separator);
        AppendWord(text, key);
        text.Append("=\"").Append(EscapeLabel(value)).Append('"');
        separator = ',';
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) =>
        text.AsSpan().IndexOfAny(Escaped) < 0 ? text : EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");
}
