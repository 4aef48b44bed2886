namespace SchemaStream.Protocol.Client;

/// <summary>How a connection presents itself, and its limits.</summary>
public sealed record KafkaConnectionOptions
{
    /// <summary>What the broker's logs call this client.</summary>
    public string ClientId { get; init; } = "schemastream";

    /// <summary>A longer response closes the connection.</summary>
    public int MaxResponseBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Requests sent and not yet answered; further ones wait.</summary>
    public int MaxInFlightRequests { get; init; } = 256;
}
