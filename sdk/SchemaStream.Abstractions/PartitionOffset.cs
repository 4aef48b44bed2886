namespace SchemaStream;

/// <summary>Offsets that name a place rather than a number, for <see cref="ITopicConsumer{TKey, TValue}.SeekAsync(TopicPartition, long, CancellationToken)"/>.</summary>
public static class PartitionOffset
{
    /// <summary>The first record that the partition still has.</summary>
    public const long Beginning = -2;

    /// <summary>Behind the last record that the partition has now.</summary>
    public const long End = -1;

    /// <summary>In a <see cref="RecordPosition"/>: not known, for nothing was read or committed yet.</summary>
    public const long Unknown = -1001;
}
