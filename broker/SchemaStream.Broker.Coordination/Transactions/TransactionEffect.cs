using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions.Commands;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>Something for the driver to do.</summary>
public abstract record TransactionEffect;

/// <summary>Answer the request that waits under this token, once all that was appended is committed.</summary>
public sealed record SendTransactionReply(RequestToken Token, TransactionReply Reply) : TransactionEffect;

/// <summary>
/// Write the marker that ends a transaction to each of its partitions, once the decision is committed and not before; again
/// and again until all have it. Then tell the shard with <see cref="CompleteTransactionCommand"/>.
/// </summary>
public sealed record WriteMarkers(
    string TransactionalId,
    long ProducerId,
    short ProducerEpoch,
    bool Commit,
    short TransactionVersion,
    IReadOnlyCollection<TopicPartitionName> Partitions) : TransactionEffect;

/// <summary>Call the shard at the deadline; an earlier deadline of the kind is void.</summary>
public sealed record ScheduleTransactionTimer(TransactionTimer Timer, long DeadlineMs) : TransactionEffect;

/// <summary>For the log: what became of a transactional id though its producer did not ask for it.</summary>
public sealed record TransactionReport(string TransactionalId, string Message) : TransactionEffect;

/// <summary>What a deadline of a shard is about.</summary>
public enum TransactionTimer
{
    /// <summary>A transaction's time may be up.</summary>
    Timeouts,

    /// <summary>Look for ids that no one has used for long.</summary>
    IdExpiry,
}
