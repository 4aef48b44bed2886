using System.Net;

namespace SchemaStream.Broker.Server;

/// <summary>Where the server listens, and the limits it holds every client to. Kafka's key names stand beside each limit.</summary>
public sealed record ServerOptions
{
    /// <summary>The name of the listener, as clients' requests are told apart by where they came in.</summary>
    public string ListenerName { get; init; } = "PLAINTEXT";

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>socket.listen.backlog.size</summary>
    public int Backlog { get; init; } = 128;

    /// <summary>socket.request.max.bytes: a longer frame closes its connection.</summary>
    public int MaxRequestBytes { get; init; } = 104_857_600;

    /// <summary>queued.max.request.bytes: once requests in memory reach this, no connection reads its next one.</summary>
    public long MaxQueuedRequestBytes { get; init; } = 268_435_456;

    /// <summary>max.connections: beyond it new clients wait in the backlog.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>max.connections.per.ip: beyond it a new connection is closed at once.</summary>
    public int MaxConnectionsPerAddress { get; init; } = int.MaxValue;

    /// <summary>connections.max.idle.ms</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A client that stops in the middle of a frame holds request memory that others wait for,
    /// so it gets less patience than one that is merely quiet.
    /// </summary>
    public TimeSpan MaxFrameStall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests of one connection that may be decoded and unanswered at a time.</summary>
    public int MaxInFlightRequests { get; init; } = 64;

    /// <summary>Once this much of a connection's replies waits for the client to read, its next request waits too.</summary>
    public int MaxUnsentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a stop waits for requests under way before it cuts their connections.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
