using System.Security.Cryptography.X509Certificates;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Registry;

/// <summary>Where and how the log is kept on a Kafka cluster.</summary>
public sealed record KafkaStoreOptions
{
    /// <summary>Some brokers of the cluster; asked anew at every try, so that they may be known late.</summary>
    public required Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> Bootstrap { get; init; }

    /// <summary>The topic of subjects, versions, configuration and mode: <c>kafkastore.topic</c>.</summary>
    public string Topic { get; init; } = "_schemas";

    /// <summary>The topic of contracts.</summary>
    public string ContractsTopic { get; init; } = "_schemastream_contracts";

    /// <summary>What instances of one group must have in common.</summary>
    internal string Log => $"{Topic},{ContractsTopic}";

    /// <summary>Replicas of a topic made here, where there are so many brokers: <c>kafkastore.topic.replication.factor</c>.</summary>
    public short ReplicationFactor { get; init; } = 3;

    /// <summary>How long the cluster may take until the registry has started: <c>kafkastore.init.timeout.ms</c>.</summary>
    public TimeSpan InitTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a write may take, over changes of leaders: <c>kafkastore.timeout.ms</c>.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A leader that the group has not heard of for so long is replaced. Brokers take six seconds or more.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the group is told that this instance is there, and asked who is; joining takes as long as one.
    /// Confluent's is 3 s.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a write waits for a leader: a session of ten seconds, where one has died, and an election.</summary>
    public TimeSpan LeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A directory with the SQLite log of a registry that ran alone: its records go to the topics, once, if those are
    /// empty. Null takes nothing over.
    /// </summary>
    public string? TakeOverDirectory { get; init; }

    /// <summary>Encryption; null connects plainly.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Authentication; null connects without.</summary>
    public SaslOptions? Sasl { get; init; }

    /// <summary>How several instances agree on who writes.</summary>
    public LeaderElection Election { get; init; } = LeaderElection.Group;

    /// <summary>Whether this instance may lead: <c>leader.eligibility</c>.</summary>
    public LeaderEligibility Eligibility { get; init; } = LeaderEligibility.Eligible;

    /// <summary>Who leads goes on leading when others join: <c>leader.election.sticky</c>.</summary>
    public LeaderStickiness Stickiness { get; init; } = LeaderStickiness.Sticky;

    /// <summary>The host that others reach this instance at: <c>host.name</c>; null is the one it listens at.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>How long a follower waits for the leader's answer, and until it has read itself what that wrote.</summary>
    public TimeSpan ForwardTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Request headers that go along to the leader: <c>schema.registry.inter.instance.headers.whitelist</c>.</summary>
    public IReadOnlyList<string> ForwardedHeaders { get; init; } = [];

    /// <summary>Authorities by which the leader's <c>https</c> is trusted; null trusts those of the system.</summary>
    public X509Certificate2Collection? PeerAuthorities { get; init; }

    /// <summary>Addresses that are known from the start.</summary>
    public static Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> Brokers(string bootstrapServers)
    {
        var addresses = BrokerAddress.ParseAll(bootstrapServers);
        return _ => ValueTask.FromResult(addresses);
    }
}

/// <summary>How several instances agree on who writes.</summary>
public enum LeaderElection
{
    /// <summary>Through a group of the cluster, of type <c>sr</c>, which Confluent's instances join as well.</summary>
    Group = 0,

    /// <summary>Not at all: whoever is asked writes, and keeps out who wrote before. For an instance that is alone.</summary>
    Omitted = 1,

    /// <summary>Through the group, from the moment on that another one writes; until then this instance is alone.</summary>
    WhenOthersWrite = 2,
}

/// <summary>Whether an instance may lead.</summary>
public enum LeaderEligibility
{
    Eligible = 0,
    Ineligible = 1,
}

/// <summary>What becomes of a leader when others join.</summary>
public enum LeaderStickiness
{
    /// <summary>It goes on leading.</summary>
    Sticky = 0,

    /// <summary>The instance with the smallest URL leads.</summary>
    SmallestUrl = 1,
}
