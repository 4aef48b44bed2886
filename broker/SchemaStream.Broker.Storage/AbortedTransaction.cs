namespace SchemaStream.Broker.Storage;

/// <summary>Where the records of a transaction that was aborted begin, for readers of committed records.</summary>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset);
