using SchemaStream.Broker.Coordination.Transactions;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Whose transaction a write says that it is part of.</summary>
/// <param name="BaseSequence">-1 for writes of the broker's own on behalf of the producer.</param>
internal readonly record struct TransactionClaim(
    string TransactionalId, long ProducerId, short ProducerEpoch, int BaseSequence, TransactionSupport Support);

/// <summary>A write that waits until its transaction is confirmed. Called on the partition's lane, once.</summary>
internal interface IVerifiedWrite
{
    /// <summary>It is, and the write is to be made now; or why not.</summary>
    void Verified(Protocol.ErrorCode error);

    /// <summary>Making the write threw.</summary>
    void Failed(Exception cause);
}
