namespace SchemaStream;

/// <summary>When <see cref="ITopicConsumer{TKey, TValue}.ReadBatchesAsync"/> hands out what it has.</summary>
public sealed record BatchOptions
{
    /// <summary>How many records a batch holds at most.</summary>
    public int MaxCount { get; init; } = 1000;

    /// <summary>
    /// How long a batch may wait for more records after its first. With zero, the default, a batch is what has arrived
    /// already, up to <see cref="MaxCount"/>, and nothing waits.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.Zero;
}
