using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

/// <summary>The coordinator's side of transactions, and producer ids.</summary>
internal static class TransactionHandlers
{
    public static ApiHandler[] Create(
        IMetadataAccess metadata, IGroupAccess groups, ITransactionAccess transactions, IProducerIdAccess producerIds) =>
    [
        new InitProducerIdHandler(producerIds, transactions),
        new AddPartitionsToTxnHandler(metadata, transactions),
        new AddOffsetsToTxnHandler(metadata, groups, transactions),
        new EndTxnHandler(transactions),
        new DescribeTransactionsHandler(transactions),
        new ListTransactionsHandler(transactions),
    ];
}
