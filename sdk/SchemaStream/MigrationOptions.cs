namespace SchemaStream;

/// <summary>How a topic is copied to its successor.</summary>
public sealed record MigrationOptions
{
    /// <summary>
    /// Whether to go on copying what is written meanwhile, until cancelled. Otherwise the migration ends where the topic ended
    /// when it began.
    /// </summary>
    public bool Follow { get; init; }

    /// <summary>
    /// The group that keeps the progress, and the transactional id. By default both follow from the names of the topics, so
    /// that a migration that is started again goes on where it was, and one that runs already is fenced.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Partitions, replicas and settings of a new topic; null for the old one's partitions and settings.</summary>
    public TopicSpecification? Specification { get; init; }

    /// <summary>How to read and write. <c>Reading.AutoOffsetReset</c> is <see cref="AutoOffsetReset.Earliest"/>, whatever it says.</summary>
    public TransformOptions Transform { get; init; } = new();
}
