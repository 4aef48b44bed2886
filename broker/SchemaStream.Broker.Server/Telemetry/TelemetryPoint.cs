namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>What a client's number is.</summary>
internal enum TelemetryKind
{
    /// <summary>A value as of now.</summary>
    Gauge,

    /// <summary>What came to a sum that only grows, since the push before.</summary>
    Counter,

    /// <summary>What came to a sum, or went, since the push before.</summary>
    UpDownCounter,
}

/// <summary>One number of a client's push.</summary>
/// <param name="Name">As the client calls it.</param>
/// <param name="Unit">Null where it says none.</param>
/// <param name="Kind">What the number is.</param>
/// <param name="Value">The number.</param>
/// <param name="Tags">What it is about, as topic or broker; few and short.</param>
internal readonly record struct TelemetryPoint(
    string Name, string? Unit, TelemetryKind Kind, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags);
