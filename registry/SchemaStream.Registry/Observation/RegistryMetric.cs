namespace SchemaStream.Registry.Observation;

/// <summary>One metric of the meter <c>SchemaStream.Registry</c>, as the documentation has it.</summary>
/// <param name="Name">Of the instrument; on the page dots are underscores, seconds and totals are at the end.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Tags">What its series are told apart by.</param>
/// <param name="Description">What it says.</param>
public sealed record RegistryMetric(string Name, RegistryMetricKind Kind, string Unit, IReadOnlyList<string> Tags, string Description)
{
    public const string MeterName = "SchemaStream.Registry";

    public static readonly RegistryMetric Requests = new(
        "schemastream.registry.requests", RegistryMetricKind.Counter, "{request}", ["method", "route", "status"], "Requests that were answered.");

    public static readonly RegistryMetric Duration = new(
        "schemastream.registry.request.duration", RegistryMetricKind.Histogram, "s", ["method", "route"], "From a request's head until its answer is written.");

    public static readonly RegistryMetric Refusals = new(
        "schemastream.registry.refusals", RegistryMetricKind.Counter, "{refusal}", ["error_code"], "Refusals by Confluent's codes: 40901 is an incompatible schema, 40910 one that a contract forbids, 40301 a missing permission.");

    public static readonly RegistryMetric Subjects = new(
        "schemastream.registry.subjects", RegistryMetricKind.Gauge, "{subject}", [], "Subjects with versions, soft-deleted ones included.");

    public static readonly RegistryMetric Schemas = new(
        "schemastream.registry.schemas", RegistryMetricKind.Gauge, "{schema}", [], "Schemas with an id, over all contexts.");

    public static readonly RegistryMetric Contracts = new(
        "schemastream.registry.contracts", RegistryMetricKind.Gauge, "{contract}", [], "Topics whose types are bound.");

    public static readonly RegistryMetric Leader = new(
        "schemastream.registry.leader", RegistryMetricKind.Gauge, "{leader}", [], "1 while this instance writes, 0 while it passes writes on.");

    public static readonly RegistryMetric LogEnd = new(
        "schemastream.registry.log.end", RegistryMetricKind.Gauge, "{record}", ["log"], "The offset up to which each log has been read: `schemas` and `contracts`.");

    public static IReadOnlyList<RegistryMetric> All { get; } =
        [Requests, Duration, Refusals, Subjects, Schemas, Contracts, Leader, LogEnd];

    /// <summary>As Prometheus's page has it.</summary>
    public string PageName => Name.Replace('.', '_') + (Kind == RegistryMetricKind.Counter ? "_total" : Unit == "s" ? "_seconds" : "");
}

/// <summary>How a metric moves.</summary>
public enum RegistryMetricKind
{
    Counter = 0,
    Gauge = 1,
    Histogram = 2,
}
