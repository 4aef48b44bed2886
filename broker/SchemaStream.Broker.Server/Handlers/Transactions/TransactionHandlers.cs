using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

/// <summary>Transactions, but for the records that they are made of; and producer ids.</summary>
internal static class TransactionHandlers
{
    public static ApiHandler[] Create(
        IMetadataAccess metadata,
        IGroupAccess groups,
        ITransactionAccess transactions,
        ITransactionMarkers markers,
        IProducerIdAccess producerIds,
        IPartitionAccess partitions) =>
    [
        new InitProducerIdHandler(producerIds, transactions),
        new AddPartitionsToTxnHandler(metadata, transactions),
        new AddOffsetsToTxnHandler(metadata, groups, transactions),
        new EndTxnHandler(transactions),
        new WriteTxnMarkersHandler(metadata, markers),
        new TxnOffsetCommitHandler(metadata, groups),
        new DescribeProducersHandler(metadata, partitions),
        new DescribeTransactionsHandler(transactions),
        new ListTransactionsHandler(transactions),
    ];
}
