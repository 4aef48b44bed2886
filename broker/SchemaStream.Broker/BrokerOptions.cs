namespace SchemaStream.Broker;

/// <summary>What a broker is started with.</summary>
public sealed record BrokerOptions
{
    /// <summary>Where it keeps its logs. Created if it is not there; one broker at a time.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen on: an IP address, or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; } = 9092;

    /// <summary>The host that clients are told to connect to; null for <see cref="Host"/>. Never an address like 0.0.0.0.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The port that clients are told to connect to; null for the one that is listened on.</summary>
    public int? AdvertisedPort { get; init; }

    public int NodeId { get; init; } = 1;

    /// <summary>Where the broker stands, for clients that read from the closest replica.</summary>
    public string? Rack { get; init; }

    /// <summary>Kafka's broker settings by key, e.g. <c>num.partitions</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
