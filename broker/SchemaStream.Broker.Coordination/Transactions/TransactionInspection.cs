using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>What an administrator is told.</summary>
internal static class TransactionInspection
{
    public static DescribeTransactionReply Describe(TransactionMetadata? current, DescribeTransactionCommand command) =>
        current is null
            ? command.Refused(ErrorCode.TransactionalIdNotFound)
            : new DescribeTransactionReply(ErrorCode.None, command.TransactionalId)
            {
                State = current.State,
                TransactionTimeoutMs = current.TransactionTimeoutMs,
                TransactionStartTimeMs = current.StartTimestampMs,
                ProducerId = current.ProducerId,
                ProducerEpoch = current.ProducerEpoch,
                Partitions = current.Partitions,
            };

    public static ListTransactionsReply List(
        IReadOnlyDictionary<string, TransactionMetadata> ids, ListTransactionsCommand command, long nowMs) => new(
        ErrorCode.None,
        [
            .. from pair in ids
               where Passes(pair.Key, pair.Value, command, nowMs)
               orderby pair.Key
               select new ListedTransaction(pair.Key, pair.Value.ProducerId, pair.Value.State),
        ]);

    private static bool Passes(string id, TransactionMetadata transaction, ListTransactionsCommand command, long nowMs) =>
        (command.ProducerIds.Count == 0 || command.ProducerIds.Contains(transaction.ProducerId))
        && (command.States.Count == 0 || command.States.Contains(transaction.State))

        // Kafka: also of one that is over, whose time since its begin is meant.
        && (command.LongerThanMs < 0 || nowMs - transaction.StartTimestampMs > command.LongerThanMs)
        && command.IncludesId?.Invoke(id) != false;
}
