using SchemaStream.Protocol.Client.Security;

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

    /// <summary>How long the broker may take to accept the connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the oldest request may go unanswered before the connection is closed: answers come in order, so nothing
    /// behind it would come either. Longer than any wait that a request asks the broker for.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Encrypts the connection; null leaves it plain.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Authenticates the connection; null does not.</summary>
    public SaslOptions? Sasl { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
