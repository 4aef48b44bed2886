namespace SchemaStream.Consuming.Processing;

/// <summary>A record on its way through its handler.</summary>
/// <param name="Record">The record, as the handler sees it.</param>
/// <param name="Bytes">Its own bytes, where a failure may need them.</param>
/// <param name="Slot">Its place among the records of its partition.</param>
/// <param name="Attempt">The number of its next attempt, from 1.</param>
internal readonly record struct WorkItem<TKey, TValue>(
    ConsumedRecord<TKey, TValue> Record, RawBytes Bytes, long Slot, int Attempt);
