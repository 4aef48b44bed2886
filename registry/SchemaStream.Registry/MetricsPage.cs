namespace SchemaStream.Registry;

/// <summary>Whether requests are counted.</summary>
public enum MetricsPage
{
    /// <summary>Nothing is measured, which costs nothing.</summary>
    Omitted = 0,

    /// <summary><c>/metrics</c> tells it in Prometheus's text format.</summary>
    Served = 1,
}
