namespace SchemaStream;

/// <summary>What a record has besides key and value; the default leaves all of it to the producer.</summary>
public readonly record struct RecordOptions
{
    /// <summary>Headers to send along.</summary>
    public RecordHeaders? Headers { get; init; }

    /// <summary>The partition; by default the one that the key's hash gives (as Kafka's own clients hash).</summary>
    public int? Partition { get; init; }

    /// <summary>The record's time, in milliseconds' precision; by default that of sending.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}
