namespace SchemaStream;

/// <summary>What a record has besides key and value; the default leaves all of it to the producer.</summary>
public readonly record struct RecordOptions
{
    /// <summary>Headers to send along.</summary>
    public RecordHeaders? Headers { get; init; }

    /// <summary>The partition; by default the one that the key's hash gives (as Kafka's own clients hash).</summary>
    public int? Partition { get; init; }

    private readonly DateTimeOffset? _timestamp;

    /// <summary>The record's time, from 1970 on and in milliseconds' precision; by default that of sending.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time before 1970, for which Kafka has no number.</exception>
    public DateTimeOffset? Timestamp
    {
        get => _timestamp;
        init => _timestamp = value >= DateTimeOffset.UnixEpoch || value is null
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Timestamp), value, "Kafka's times begin in 1970.");
    }
}
