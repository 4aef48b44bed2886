using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// DescribeTransactions v0. One error per id: TRANSACTIONAL_ID_NOT_FOUND, or NOT_COORDINATOR where another broker has it.
internal sealed class DescribeTransactionsHandler(ITransactionAccess transactions)
    : ApiHandler<DescribeTransactionsRequest, DescribeTransactionsResponse>
{
    protected override async ValueTask<DescribeTransactionsResponse?> HandleAsync(
        DescribeTransactionsRequest request, RequestContext context)
    {
        var response = new DescribeTransactionsResponse();
        foreach (var transactionalId in request.TransactionalIds)
        {
            var command = new DescribeTransactionCommand(transactionalId);
            var reply = transactionalId.Length == 0
                ? command.Refused(ErrorCode.InvalidRequest)
                : await transactions.SubmitAsync(transactionalId, command, context.Cancellation).ConfigureAwait(false);
            response.TransactionStates.Add(Answer(reply));
        }

        return response;
    }

    private static DescribeTransactionsResponse.DescribedTransaction Answer(DescribeTransactionReply reply)
    {
        var described = new DescribeTransactionsResponse.DescribedTransaction
        {
            ErrorCode = reply.ErrorCode,
            TransactionalId = reply.TransactionalId,
        };
        if (reply.ErrorCode != ErrorCode.None)
        {
            return described;
        }

        described.TransactionState = reply.State.ToString();
        described.TransactionTimeoutMs = reply.TransactionTimeoutMs;
        described.TransactionStartTimeMs = reply.TransactionStartTimeMs;
        described.ProducerId = reply.ProducerId;
        described.ProducerEpoch = reply.ProducerEpoch;
        foreach (var topic in reply.Partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
        {
            described.Topics.Add(new() { Topic = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition)] });
        }

        return described;
    }
}
