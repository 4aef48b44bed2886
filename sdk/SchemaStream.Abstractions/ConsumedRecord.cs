namespace SchemaStream;

/// <summary>A record as it was read.</summary>
/// <typeparam name="TKey">The C# type of the key.</typeparam>
/// <typeparam name="TValue">The C# type of the value.</typeparam>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset within the partition.</param>
/// <param name="Timestamp">When it was produced or appended, as the topic says.</param>
/// <param name="Key">The key; the type's default when the record has none.</param>
/// <param name="Value">The value; the type's default when the record is a tombstone.</param>
/// <param name="HasKey">Whether the record has a key.</param>
/// <param name="IsTombstone">Whether the record has no value.</param>
/// <param name="Headers">The headers, in their order.</param>
public readonly record struct ConsumedRecord<TKey, TValue>(
    string Topic,
    int Partition,
    long Offset,
    DateTimeOffset Timestamp,
    TKey Key,
    TValue Value,
    bool HasKey,
    bool IsTombstone,
    RecordHeaders Headers)
{
    /// <summary>Where the record lies.</summary>
    public RecordPosition Position => new(Topic, Partition, Offset);
}
