using SchemaStream.Broker.Configuration;

namespace SchemaStream.Broker;

/// <summary>
/// What a node is started with. The properties say what an embedded broker mostly needs; everything may be said by Kafka's
/// settings instead, as in a configuration file, but nothing by both.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>Where it keeps its logs, or <c>log.dirs</c>. Created if it is not there; one broker at a time.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The address to listen on: an IP address or <c>localhost</c>; null for 127.0.0.1, or <c>listeners</c>.</summary>
    public string? Host { get; init; }

    /// <summary>0 takes any free port; null for 9092, or <c>listeners</c>.</summary>
    public int? Port { get; init; }

    /// <summary>The host that clients are told to connect to; null for <see cref="Host"/>. Never an address like 0.0.0.0.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The port that clients are told to connect to; null for the one that is listened on.</summary>
    public int? AdvertisedPort { get; init; }

    /// <summary>The node's number; null for 1, or <c>node.id</c>.</summary>
    public int? NodeId { get; init; }

    /// <summary>Where the broker stands, for clients that read from the closest replica; null for <c>broker.rack</c>.</summary>
    public string? Rack { get; init; }

    /// <summary>Kafka's broker settings by key, e.g. <c>num.partitions</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where <see cref="Settings"/> came from; messages about a setting name its place.</summary>
    public BrokerConfiguration? Configuration { get; init; }

    /// <summary>All that the configuration says, and nothing else.</summary>
    public static BrokerOptions From(BrokerConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new BrokerOptions { Settings = configuration.Settings, Configuration = configuration };
    }

    /// <summary>All that the file says, and nothing else.</summary>
    public static BrokerOptions FromFile(BrokerConfigFile file) => From(BrokerConfiguration.From(file, [], []));
}
