using SchemaStream.Registry.Core;
using SchemaStream.Registry.Security;

namespace SchemaStream.Registry;

/// <summary>How a registry runs.</summary>
public sealed record RegistryOptions
{
    /// <summary>Where the log lives; made if it is not there.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen at. The default is for this machine alone.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port to listen at; 0 takes a free one.</summary>
    public int Port { get; init; } = 8081;

    /// <summary>The rules' settings.</summary>
    public RegistrySettings Settings { get; init; } = new();

    /// <summary>The largest request body, in bytes; a schema travels in it as a JSON string.</summary>
    public long LargestRequestBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How many connections are served at once.</summary>
    public int MostConnections { get; init; } = 10_000;

    /// <summary>The name of the group of registries that share one log.</summary>
    public string GroupId { get; init; } = "schema-registry";

    /// <summary>Whether requests are taken before the log is read; they wait until it is.</summary>
    public LogOpening LogOpening { get; init; } = LogOpening.BeforeListening;

    /// <summary>The cluster that the log is kept on; null keeps it in <see cref="DataDirectory"/>.</summary>
    public KafkaStoreOptions? Kafka { get; init; }

    /// <summary>The topics that contracts are for; null takes those of the cluster that the log is on, or none.</summary>
    public Topics.ITopicDirectory? Topics { get; init; }

    /// <summary>Where to listen, in place of <see cref="Host"/> and <see cref="Port"/>; the first is what other instances are told.</summary>
    public IReadOnlyList<RegistryListener> Listeners { get; init; } = [];

    /// <summary>The certificate of <c>https</c> listeners.</summary>
    public ServerTls? Tls { get; init; }

    /// <summary>Who is let in, and to what.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>Whether requests are counted.</summary>
    public MetricsPage Metrics { get; init; } = MetricsPage.Omitted;

    /// <summary>How long requests in flight are waited for at a stop.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>When a registry that starts begins to listen.</summary>
public enum LogOpening
{
    /// <summary>Once its log is read: a start that succeeds is complete.</summary>
    BeforeListening = 0,

    /// <summary>At once, for a registry that starts along with its cluster.</summary>
    WhileListening = 1,
}
