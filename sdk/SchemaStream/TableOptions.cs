namespace SchemaStream;

/// <summary>How a table reads its topic.</summary>
public sealed record TableOptions
{
    /// <summary>
    /// What to do with a record whose bytes do not follow the topic's types: throw, after which the table serves nothing any
    /// more, or skip. A table has no dead-letter topic, for it would put the same record there at every start.
    /// </summary>
    public FailurePolicy DecodeFailure { get; init; } = FailurePolicy.Throw;

    /// <summary>How many changes may wait for each reader of the change stream before it is told that it is too slow.</summary>
    public int ChangeCapacity { get; init; } = 10_000;

    /// <summary>Changes the transport's settings for this table, after those of the client.</summary>
    public Action<IDictionary<string, string>>? ConfigureTransport { get; init; }
}
