using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>The transaction coordinators: those of this broker and, for the broker's own questions, those of others.</summary>
public interface ITransactionAccess
{
    /// <summary>Who coordinates the transactional id. Creates the internal topic when it is the first one asked for.</summary>
    ValueTask<CoordinatorResult> FindCoordinatorAsync(string transactionalId, CancellationToken cancellationToken);

    /// <summary>
    /// Has the id's coordinator decide; completes once what it decided is committed. Where no shard here can be asked
    /// (another broker's id, still loading) the reply is the command's own refusal. Cancelling, because the connection
    /// went away, only stops the waiting.
    /// </summary>
    ValueTask<TReply> SubmitAsync<TReply>(
        string transactionalId, TransactionCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : TransactionReply;

    /// <summary>Asks every shard here, e.g. for the list of transactions; a shard that cannot be asked answers with a refusal.</summary>
    ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        TransactionCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : TransactionReply;

    /// <summary>
    /// Has the id's coordinator here add partitions to the producer's transaction. Where the producer asks it waits, while the
    /// markers of the transaction before are under way, up to a second for them: some clients (kafkajs at AddOffsetsToTxn)
    /// take CONCURRENT_TRANSACTIONS for a failure, and the others would only come again. Brokers are answered at once.
    /// </summary>
    ValueTask<AddPartitionsReply> AddPartitionsAsync(AddPartitionsCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the id's coordinator, here or on another broker (AddPartitionsToTxn 4+), to confirm that these partitions are
    /// part of the producer's transaction, or to add them for it. One error for each partition, in this order; what went
    /// wrong on the way is COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR or NETWORK_EXCEPTION, on which producers try again.
    /// </summary>
    /// <param name="verifyOnly">True: confirm. False: add, as transactions v2 has it.</param>
    ValueTask<IReadOnlyList<ErrorCode>> RegisterPartitionsAsync(
        string transactionalId,
        long producerId,
        short producerEpoch,
        IReadOnlyList<TopicPartitionName> partitions,
        bool verifyOnly,
        CancellationToken cancellationToken);
}
