namespace SchemaStream.Broker.Coordination;

/// <summary>The broker's settings for groups; each names its Kafka key.</summary>
public sealed record GroupShardOptions
{
    /// <summary>group.min.session.timeout.ms</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>group.max.session.timeout.ms</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>group.initial.rebalance.delay.ms. Kafka's default of 3 s is what test suites complain of most.</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.Zero;

    /// <summary>group.max.size</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary>offset.metadata.max.bytes</summary>
    public int OffsetMetadataMaxBytes { get; init; } = 4096;

    /// <summary>offsets.retention.minutes</summary>
    public TimeSpan OffsetsRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>offsets.retention.check.interval.ms</summary>
    public TimeSpan OffsetsRetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a new member's join may stay parked before it counts as gone; Kafka has the same bound.</summary>
    public TimeSpan NewMemberJoinTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Member ids of one group that are given out and not used yet; a bound of ours.</summary>
    public int MaxPendingMembers { get; init; } = 10_000;

    /// <summary>Protocols a member may offer; a bound of ours, Kafka's clients offer a handful.</summary>
    public int MaxProtocolsPerMember { get; init; } = 100;

    /// <summary>group.consumer.session.timeout.ms</summary>
    public TimeSpan ConsumerSessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>group.consumer.heartbeat.interval.ms</summary>
    public TimeSpan ConsumerHeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>group.consumer.max.size</summary>
    public int ConsumerMaxSize { get; init; } = int.MaxValue;

    /// <summary>group.consumer.assignors: the first is used where no member asks for another.</summary>
    public IReadOnlyList<string> ConsumerAssignors { get; init; } = [Groups.Consumer.Assignors.Uniform, Groups.Consumer.Assignors.Range];

    /// <summary>group.consumer.migration.policy</summary>
    public ConsumerGroupMigrationPolicy ConsumerMigrationPolicy { get; init; } = ConsumerGroupMigrationPolicy.Bidirectional;

    /// <summary>How often, at most, a group's regular expressions are held against new topics; a bound of ours, Kafka has 10 s.</summary>
    public TimeSpan ConsumerRegexRefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Topics that one member may name; a bound of ours.</summary>
    public int MaxSubscribedTopics { get; init; } = 100_000;
}
