namespace SchemaStream;

/// <summary>A record on its way to a topic.</summary>
/// <typeparam name="TKey">The C# type of the key.</typeparam>
/// <typeparam name="TValue">The C# type of the value.</typeparam>
/// <param name="Key">The key; null sends none.</param>
/// <param name="Value">The value; null sends a tombstone.</param>
/// <param name="Options">Headers, partition, timestamp.</param>
public readonly record struct OutgoingRecord<TKey, TValue>(TKey Key, TValue Value, RecordOptions Options = default)
{
    /// <summary>Whether the value is left out, which deletes the key from a compacted topic: for values that cannot be null.</summary>
    public bool IsTombstone { get; init; }
}
