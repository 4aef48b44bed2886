namespace SchemaStream;

/// <summary>How a producer sends.</summary>
public sealed record ProducerOptions
{
    /// <summary>Whose acknowledgement counts.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>How batches are compressed.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>How long a record may wait for others to share its batch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many records may be pending before senders have to wait.</summary>
    public int QueueCapacity { get; init; } = 100_000;

    /// <summary>
    /// How many bytes may be pending before senders have to wait, rounded up to KiB; 32 MiB, as Kafka's own producers have
    /// (setting <c>buffer.memory</c>). Senders that waited go on once half of it is free, rather than for each batch.
    /// More costs more than memory: what has left the processor's caches before it is sent must be fetched again.
    /// </summary>
    public long QueueCapacityBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>After how long an undelivered record is given up.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Told of each record of <c>EnqueueAsync</c> that failed. It runs on the producer's own thread: it must be quick.
    /// Failures are also counted, logged, and thrown by <c>FlushAsync</c>.
    /// </summary>
    public Action<DeliveryFailure>? DeliveryFailed { get; init; }

    /// <summary>Changes the transport's settings for this producer, after those of the client.</summary>
    public Action<IDictionary<string, string>>? ConfigureTransport { get; init; }
}
