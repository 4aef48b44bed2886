namespace SchemaStream;

/// <summary>How a transactional producer sends.</summary>
public sealed record TransactionOptions
{
    /// <summary>After how long the brokers abort a transaction that has not ended; also how long a delivery may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How batches are compressed.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>How long a record may wait for others to share its batch; a commit waits for no one.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Changes the transport's settings, after those of the client.</summary>
    public Action<IDictionary<string, string>>? ConfigureTransport { get; init; }
}
