namespace SchemaStream;

/// <summary>How a consumer reads.</summary>
public sealed record ConsumerOptions
{
    /// <summary>When the group is told how far this member is.</summary>
    public CommitMode CommitMode { get; init; } = CommitMode.Auto;

    /// <summary>How often <see cref="CommitMode.Auto"/> commits; it also does when partitions move and at the end.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where a group begins that has committed nothing yet.</summary>
    public AutoOffsetReset AutoOffsetReset { get; init; } = AutoOffsetReset.Earliest;

    /// <summary>How the members of the group share the partitions. All members of a group must agree.</summary>
    public AssignmentStrategy AssignmentStrategy { get; init; } = AssignmentStrategy.Range;

    /// <summary>What to do with a record whose bytes do not follow the topic's types. Its <c>Delays</c> are not used.</summary>
    public FailurePolicy DecodeFailure { get; init; } = FailurePolicy.Throw;

    /// <summary>
    /// Told when partitions come to this member, before anything of them is read: sees the group's committed offsets and
    /// may begin elsewhere. The group waits for it, so it must be quick; if it throws, reading ends with its exception.
    /// </summary>
    public Func<PartitionsAssigned, ValueTask>? PartitionsAssigned { get; init; }

    /// <summary>
    /// Told when partitions are about to leave this member, while it may still commit. Otherwise as
    /// <see cref="PartitionsAssigned"/>.
    /// </summary>
    public Func<PartitionsRevoked, ValueTask>? PartitionsRevoked { get; init; }

    /// <summary>
    /// Told when partitions are another member's already, because this one was silent for too long: it is too late to
    /// commit. Otherwise as <see cref="PartitionsAssigned"/>.
    /// </summary>
    public Func<IReadOnlyList<TopicPartition>, ValueTask>? PartitionsLost { get; init; }

    /// <summary>The clock of delays between attempts and of waiting batches; tests bring their own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>After how long without a sign of life the group gives this member's partitions to others.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How long the application may take for the batch in its hands. If it does not come back for more by then, it is
    /// taken for stuck: the member falls silent and, within the same time again, loses its place in the group to others.
    /// </summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Changes the transport's settings for this consumer, after those of the client.</summary>
    public Action<IDictionary<string, string>>? ConfigureTransport { get; init; }
}
