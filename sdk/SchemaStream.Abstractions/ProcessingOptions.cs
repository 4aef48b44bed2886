namespace SchemaStream;

/// <summary>How <see cref="ITopicConsumer{TKey, TValue}.ProcessAsync"/> handles records.</summary>
public sealed record ProcessingOptions
{
    /// <summary>How many handlers run at once at most. With 1, the default, one record after the other.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>What stays in order.</summary>
    public ProcessingOrder Order { get; init; } = ProcessingOrder.Partition;

    /// <summary>What to do with a record whose handler throws.</summary>
    public FailurePolicy Failure { get; init; } = FailurePolicy.Throw;

    /// <summary>
    /// How many records of one partition may be waiting or running before the consumer stops fetching that partition. It
    /// goes on when half of them are handled.
    /// </summary>
    public int QueueCapacity { get; init; } = 1000;

    /// <summary>
    /// How long running handlers may take to finish when their partition moves to another member or the consumer closes.
    /// After that their token is cancelled, and what they have not finished is read again by the partition's next owner.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
