namespace SchemaStream;

/// <summary>Where a record lies.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset within the partition; -1 when the broker was not asked to tell (acks 0).</param>
public readonly record struct RecordPosition(string Topic, int Partition, long Offset);
