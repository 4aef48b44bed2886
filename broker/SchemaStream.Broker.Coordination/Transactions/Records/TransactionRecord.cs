namespace SchemaStream.Broker.Coordination.Transactions.Records;

/// <summary>A record of <c>__transaction_state</c>, read: a transactional id as it stands; null: forgotten.</summary>
public sealed record TransactionRecord(string TransactionalId, TransactionMetadata? Value);

/// <summary>A key and its value as they stand in the log; a null value is a tombstone.</summary>
public readonly record struct EncodedTransactionRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
