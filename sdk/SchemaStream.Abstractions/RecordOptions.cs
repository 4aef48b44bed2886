namespace SchemaStream;

/// <summary>What a record has besides key and value; the default leaves all of it to the producer.</summary>
public readonly record struct RecordOptions
{
    private readonly int? _partition;
    private readonly DateTimeOffset? _timestamp;

    /// <summary>Headers to send along.</summary>
    public RecordHeaders? Headers { get; init; }

    /// <summary>The partition, from 0 on; by default the one that the key's hash gives (as Kafka's own clients hash).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public int? Partition
    {
        get => _partition;
        init => _partition = value is not < 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Partition), value, "Partitions are counted from 0; null leaves the choice to the key.");
    }

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
