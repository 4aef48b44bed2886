namespace SchemaStream;

/// <summary>How an exactly-once loop reads and writes.</summary>
public sealed record TransformOptions
{
    /// <summary>How many records share a transaction at most. Fewer do when no more are at hand: none waits for others.</summary>
    public int MaxRecords { get; init; } = 500;

    /// <summary>
    /// How long the record in hand and the commit of its transaction may take once the loop is cancelled. After that the handler's
    /// token is cancelled too and the transaction is aborted: its records are read again next time.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How the transactions are made.</summary>
    public TransactionOptions Transactions { get; init; } = new();

    /// <summary>
    /// How the topic is read. The commit mode is the loop's own, and records that cannot be read can be thrown at or skipped,
    /// not sent to another topic.
    /// </summary>
    public ConsumerOptions Reading { get; init; } = new();
}
