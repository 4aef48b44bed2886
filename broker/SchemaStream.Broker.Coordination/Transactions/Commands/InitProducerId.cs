using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Commands;

/// <summary>
/// InitProducerId of a transactional id: a producer takes the id over. Whoever had it before is fenced, and what they left
/// under way is aborted first.
/// </summary>
public sealed record InitProducerIdCommand(string TransactionalId, TimeSpan TransactionTimeout) : TransactionCommand<InitProducerIdReply>
{
    /// <summary>What the producer has already, if it goes on after an error (KIP-360); -1: nothing.</summary>
    public long ProducerId { get; init; } = -1;

    /// <summary>Goes with <see cref="ProducerId"/>.</summary>
    public short ProducerEpoch { get; init; } = -1;

    /// <summary>A producer id to use where one is needed; -1: none yet.</summary>
    public long FreshProducerId { get; init; } = -1;

    /// <inheritdoc/>
    public override InitProducerIdReply Refused(ErrorCode error) => new(error, -1, -1);

    /// <inheritdoc/>
    public override TransactionCommand WithProducerId(long freshProducerId) => this with { FreshProducerId = freshProducerId };
}

/// <summary>Answers <see cref="InitProducerIdCommand"/>.</summary>
public sealed record InitProducerIdReply(ErrorCode ErrorCode, long ProducerId, short ProducerEpoch) : TransactionReply;
