using System.Diagnostics.Metrics;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>Instruments as the table of metrics has them.</summary>
public static class MeterInstruments
{
    /// <summary>From a millisecond, which a produce takes, to minutes, which a join may wait.</summary>
    private static readonly double[] DurationBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public static void Observe(this Meter meter, MetricDefinition metric, Func<long> value) =>
        meter.Observe(metric, () => [new Measurement<long>(value())]);

    /// <summary>A counter or gauge that is asked for its values, when someone listens.</summary>
    public static void Observe(this Meter meter, MetricDefinition metric, Func<IEnumerable<Measurement<long>>> values)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(metric);
        if (metric.Kind == MetricKind.Counter)
        {
            meter.CreateObservableCounter(metric.Name, values, metric.Unit, metric.Description);
        }
        else
        {
            meter.CreateObservableGauge(metric.Name, values, metric.Unit, metric.Description);
        }
    }

    public static Histogram<double> CreateDurations(this Meter meter, MetricDefinition metric)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(metric);
        return meter.CreateHistogram(
            metric.Name,
            metric.Unit,
            metric.Description,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
    }

    public static Counter<long> CreateCounter(this Meter meter, MetricDefinition metric)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(metric);
        return meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);
    }

    public static KeyValuePair<string, object?> Tag(this MetricDefinition metric, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return new(metric.Tags[index], value);
    }
}
