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

    /// <summary>What to do with a record that cannot be read.</summary>
    public DecodeFailurePolicy DecodeFailure { get; init; } = DecodeFailurePolicy.Throw;

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
