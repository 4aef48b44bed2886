using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Commands;

/// <summary>A request to a transaction shard.</summary>
public abstract record TransactionCommand : CoordinatorCommand
{
    /// <inheritdoc/>
    public abstract override TransactionReply Refused(ErrorCode error);

    /// <summary>
    /// The same, with a fresh producer id to use: what is submitted again after a reply with
    /// <see cref="TransactionReply.NeedsProducerId"/>.
    /// </summary>
    public virtual TransactionCommand WithProducerId(long freshProducerId) => this;
}

/// <summary>A command that is answered with exactly one <typeparamref name="TReply"/>.</summary>
public abstract record TransactionCommand<TReply> : TransactionCommand
    where TReply : TransactionReply
{
    /// <inheritdoc/>
    public abstract override TReply Refused(ErrorCode error);
}

/// <summary>The answer to a <see cref="TransactionCommand"/>.</summary>
public abstract record TransactionReply : CoordinatorReply
{
    /// <summary>
    /// Nothing was decided, for want of a producer id that no one else has. The shard cannot make one up: its driver gets
    /// it and submits the command again.
    /// </summary>
    public bool NeedsProducerId { get; init; }
}
