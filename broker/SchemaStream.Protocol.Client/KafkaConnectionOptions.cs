using System.Net.Sockets;
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

    /// <summary>Which of a host's addresses are tried; all of them where none is named.</summary>
    public AddressFamily AddressFamily { get; init; } = AddressFamily.Unspecified;

    /// <summary>Whether small requests go at once, rather than waiting for company.</summary>
    public bool SendsAtOnce { get; init; } = true;

    /// <summary>Whether the system looks now and then whether a silent connection still stands.</summary>
    public bool KeepsAlive { get; init; }

    /// <summary>The socket's buffer for what is sent; 0 leaves it to the system.</summary>
    public int SendBufferBytes { get; init; }

    /// <summary>The socket's buffer for what is received; 0 leaves it to the system.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Encrypts the connection; null leaves it plain.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Authenticates the connection; null does not.</summary>
    public SaslOptions? Sasl { get; init; }

    /// <summary>
    /// Whether the connection has a thread of its own, which blocks for what the broker sends: for a connection that is
    /// always busy. Between two answers the pool's threads would spin for work, which costs more than the answers do.
    /// Requests are sent by who sends them, and who waits for an answer that is read into an object of their own goes on
    /// inside of that thread, which hears nothing more until they are done or wait for something else.
    /// </summary>
    public bool HasThread { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
