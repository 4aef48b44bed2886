using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>Where a broker is reached: the address told to clients of the listener.</summary>
/// <param name="Listener">The listener's name, e.g. PLAINTEXT.</param>
/// <param name="Host">As clients resolve it.</param>
/// <param name="Port">1–65535.</param>
/// <param name="SecurityProtocol">Kafka's number: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record BrokerEndpoint(string Listener, string Host, int Port, short SecurityProtocol = 0);

/// <summary>A broker as the cluster knows it.</summary>
public sealed record BrokerRegistration
{
    public required int BrokerId { get; init; }

    public required Guid IncarnationId { get; init; }

    public required long BrokerEpoch { get; init; }

    public required ImmutableArray<BrokerEndpoint> Endpoints { get; init; }

    public string? Rack { get; init; }

    /// <summary>A fenced broker leads nothing and is not shown to clients.</summary>
    public bool Fenced { get; init; } = true;

    /// <summary>It is about to stop: it is not elected, placed on or taken into an ISR any more.</summary>
    public bool InControlledShutdown { get; init; }

    /// <summary>Of its data directory; empty where it is not known.</summary>
    public Guid DirectoryId { get; init; }

    /// <summary>Whether it may lead, hold new replicas and be in sync.</summary>
    public bool IsActive => !Fenced && !InControlledShutdown;

    /// <summary>The endpoint of a listener; null where the broker has none of that name.</summary>
    public BrokerEndpoint? Endpoint(string listener)
    {
        foreach (var endpoint in Endpoints)
        {
            if (string.Equals(endpoint.Listener, listener, StringComparison.Ordinal))
            {
                return endpoint;
            }
        }

        return null;
    }
}
