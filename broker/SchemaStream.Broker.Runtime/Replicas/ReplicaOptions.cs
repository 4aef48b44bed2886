namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>How replicas follow and are watched; settings name their Kafka key.</summary>
public sealed record ReplicaOptions
{
    /// <summary>inter.broker.listener.name: the endpoint of a leader that followers fetch from.</summary>
    public string InterBrokerListener { get; init; } = "PLAINTEXT";

    /// <summary>replica.fetch.wait.max.ms: how long a leader with nothing new keeps a fetch.</summary>
    public TimeSpan FetchWaitMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>replica.fetch.min.bytes</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>replica.fetch.max.bytes: of one partition in one fetch; a larger first batch comes all the same.</summary>
    public int FetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>replica.fetch.response.max.bytes: of all partitions of one fetch together.</summary>
    public int FetchResponseMaxBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>replica.fetch.backoff.ms: how long a partition or a leader that failed is left alone.</summary>
    public TimeSpan FetchBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>replica.socket.timeout.ms: how long a leader may take beyond what it was given, before it is connected to anew.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>replica.lag.time.max.ms: how long a follower may be behind and still count as in sync.</summary>
    public TimeSpan LagTimeMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>replica.high.watermark.checkpoint.interval.ms</summary>
    public TimeSpan HighWatermarkCheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>replica.selector.class: which replica consumers with a rack are sent to.</summary>
    public ReplicaSelection Selection { get; init; } = ReplicaSelection.RackAware;

    /// <summary>leader.replication.throttled.rate: bytes a second to the throttled replicas that are not in sync.</summary>
    public long LeaderThrottledRate { get; init; } = long.MaxValue;

    /// <summary>follower.replication.throttled.rate: bytes a second from the leaders of throttled replicas that are not in sync.</summary>
    public long FollowerThrottledRate { get; init; } = long.MaxValue;
}

/// <summary>Kafka's two selectors, by what they do.</summary>
public enum ReplicaSelection
{
    /// <summary>Everyone reads from the leader.</summary>
    Leader,

    /// <summary>KIP-392: a consumer with a rack reads from a replica there that has what it asks for.</summary>
    RackAware,
}
