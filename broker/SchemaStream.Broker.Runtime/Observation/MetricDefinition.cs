namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>How a metric's values add up.</summary>
public enum MetricKind
{
    /// <summary>Only grows, from the start of the process on.</summary>
    Counter,

    /// <summary>Is what it is now.</summary>
    Gauge,

    /// <summary>Values sorted into buckets, with their sum and count.</summary>
    Histogram,
}

/// <summary>One metric: its name is a promise to dashboards and alerts.</summary>
/// <param name="Name">The instrument's.</param>
/// <param name="Unit">By UCUM: By for bytes, s for seconds; words in braces count things.</param>
/// <param name="Tags">The names of its tags.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Description, params string[] Tags);
