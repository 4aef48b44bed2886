using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Commands;

/// <summary>EndTxn.</summary>
public sealed record EndTransactionCommand(
    string TransactionalId, long ProducerId, short ProducerEpoch, bool Commit) : TransactionCommand<EndTransactionReply>
{
    /// <summary>
    /// Transactions v2 (EndTxn 5): every transaction ends with a new epoch, so that nothing that comes late from it can
    /// touch the next one.
    /// </summary>
    public bool BumpsEpoch { get; init; }

    /// <summary>A producer id to use where the epochs of the present one are used up; -1: none yet.</summary>
    public long FreshProducerId { get; init; } = -1;

    /// <inheritdoc/>
    public override EndTransactionReply Refused(ErrorCode error) => new(error, -1, -1);

    /// <inheritdoc/>
    public override TransactionCommand WithProducerId(long freshProducerId) => this with { FreshProducerId = freshProducerId };
}

/// <summary>Answers <see cref="EndTransactionCommand"/>; with the id and epoch for the next transaction where it bumps.</summary>
public sealed record EndTransactionReply(ErrorCode ErrorCode, long ProducerId, short ProducerEpoch) : TransactionReply;

/// <summary>Every partition of a decided transaction has its marker. From the driver, which wrote them.</summary>
public sealed record CompleteTransactionCommand(
    string TransactionalId, long ProducerId, short ProducerEpoch) : TransactionCommand<CompleteTransactionReply>
{
    /// <inheritdoc/>
    public override CompleteTransactionReply Refused(ErrorCode error) => new(error);
}

/// <summary>Answers <see cref="CompleteTransactionCommand"/>.</summary>
public sealed record CompleteTransactionReply(ErrorCode ErrorCode) : TransactionReply;
