namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>What a client that writes within a transaction understands, by the version of its request (KIP-890).</summary>
public enum TransactionSupport
{
    /// <summary>A partition that is not part of the transaction is INVALID_TXN_STATE. Produce 3–10, TxnOffsetCommit 0–3.</summary>
    Default,

    /// <summary>It is TRANSACTION_ABORTABLE. Produce 11, TxnOffsetCommit 4.</summary>
    AbortableErrors,

    /// <summary>The partition's leader makes it part of the transaction. Produce 12, TxnOffsetCommit 5 on.</summary>
    AddsPartitions,
}
