using System.Globalization;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>Where a partition is read from when there is no offset, or none that is still there.</summary>
internal enum OffsetReset
{
    Latest,
    Earliest,

    /// <summary>It is not: reading fails.</summary>
    None,
}

/// <summary>How a tool consumes; names and defaults are those of Kafka's consumer.</summary>
internal sealed record ConsumerSettings
{
    public OffsetReset Reset { get; init; } = OffsetReset.Latest;

    /// <summary>Whether records of open and aborted transactions are left out.</summary>
    public bool IsCommittedOnly { get; init; }

    public int FetchMaxWaitMs { get; init; } = 500;

    public int FetchMinBytes { get; init; } = 1;

    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    public int PartitionMaxBytes { get; init; } = 1024 * 1024;

    public string? GroupInstanceId { get; init; }

    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the group waits for a member to join again.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    public bool IsAutoCommit { get; init; } = true;

    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether there are new topics and partitions.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>These settings, as properties of Kafka's consumer change them.</summary>
    /// <exception cref="ToolFailedException">A value cannot be followed.</exception>
    public ConsumerSettings With(IReadOnlyDictionary<string, string> properties) => this with
    {
        Reset = properties.GetValueOrDefault("auto.offset.reset") switch
        {
            null => Reset,
            "earliest" => OffsetReset.Earliest,
            "latest" => OffsetReset.Latest,
            "none" => OffsetReset.None,
            var other => throw new ToolFailedException(
                $"Invalid value {other} for configuration auto.offset.reset: String must be one of: latest, earliest, none"),
        },
        IsCommittedOnly = properties.GetValueOrDefault("isolation.level") switch
        {
            null => IsCommittedOnly,
            "read_committed" => true,
            "read_uncommitted" => false,
            var other => throw new ToolFailedException(
                $"Invalid value {other} for configuration isolation.level: String must be one of: read_committed, read_uncommitted"),
        },
        FetchMaxWaitMs = Number(properties, "fetch.max.wait.ms", FetchMaxWaitMs),
        FetchMinBytes = Number(properties, "fetch.min.bytes", FetchMinBytes),
        FetchMaxBytes = Number(properties, "fetch.max.bytes", FetchMaxBytes),
        PartitionMaxBytes = Number(properties, "max.partition.fetch.bytes", PartitionMaxBytes),
        GroupInstanceId = properties.GetValueOrDefault("group.instance.id", GroupInstanceId ?? "") is { Length: > 0 } id ? id : null,
        SessionTimeout = Time(properties, "session.timeout.ms", SessionTimeout),
        HeartbeatInterval = Time(properties, "heartbeat.interval.ms", HeartbeatInterval),
        MaxPollInterval = Time(properties, "max.poll.interval.ms", MaxPollInterval),
        IsAutoCommit = properties.TryGetValue("enable.auto.commit", out var commits)
            ? commits.Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
            : IsAutoCommit,
        AutoCommitInterval = Time(properties, "auto.commit.interval.ms", AutoCommitInterval),
        MetadataMaxAge = Time(properties, "metadata.max.age.ms", MetadataMaxAge),
    };

    private static TimeSpan Time(IReadOnlyDictionary<string, string> properties, string name, TimeSpan otherwise) =>
        TimeSpan.FromMilliseconds(Number(properties, name, (int)otherwise.TotalMilliseconds));

    private static int Number(IReadOnlyDictionary<string, string> properties, string name, int otherwise) =>
        !properties.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ToolFailedException($"Invalid value {text} for configuration {name}: Not a number of type INT");
}
