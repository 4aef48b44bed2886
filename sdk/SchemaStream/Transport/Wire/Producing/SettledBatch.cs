namespace SchemaStream.Transport.Wire.Producing;

/// <summary>What is over: a batch, or a record that never came into one.</summary>
/// <param name="Partition">The partition; negative where none was chosen.</param>
/// <param name="Batch">The batch; null for a record alone.</param>
/// <param name="Alone">The record.</param>
/// <param name="BaseOffset">The first record's offset; negative when not known.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
internal readonly record struct SettledBatch(
    int Partition, ProducerBatch? Batch, UnplacedRecord? Alone, long BaseOffset, BatchFailure? Failure);

/// <summary>A record that came before it was known how many partitions there are.</summary>
/// <param name="Record">A copy of the record.</param>
/// <param name="Size">What it has claimed.</param>
/// <param name="Delivery">Who waits for it; null for no one.</param>
/// <param name="TimestampMs">Its time.</param>
/// <param name="CameAtMs">When it came.</param>
internal readonly record struct UnplacedRecord(EncodedRecord Record, int Size, Delivery? Delivery, long TimestampMs, long CameAtMs);
