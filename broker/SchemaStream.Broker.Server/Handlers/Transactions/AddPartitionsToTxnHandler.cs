using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// AddPartitionsToTxn v0–5. v0–3 come from producers, for one transaction; v2 knows PRODUCER_FENCED. v4 and later come from
// brokers, for several, and may only ask whether partitions are part already; v5 knows TRANSACTION_ABORTABLE.
// One partition that cannot be added keeps the transaction's others from being added.
internal sealed class AddPartitionsToTxnHandler(IMetadataAccess metadata, ITransactionAccess transactions)
    : ApiHandler<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>
{
    private const short FirstVersionOfBrokers = 4;

    protected override async ValueTask<AddPartitionsToTxnResponse?> HandleAsync(AddPartitionsToTxnRequest request, RequestContext context)
    {
        var response = new AddPartitionsToTxnResponse();
        if (context.ApiVersion < FirstVersionOfBrokers)
        {
            var command = new AddPartitionsCommand(
                request.V3AndBelowTransactionalId,
                request.V3AndBelowProducerId,
                request.V3AndBelowProducerEpoch,
                PartitionsOf(request.V3AndBelowTopics),
                PartitionRegistrationMode.Add);
            var errors = await AskAsync(command, context).ConfigureAwait(false);
            response.ResultsByTopicV3AndBelow.AddRange(Results(command.Partitions, errors));
            return response;
        }

        context.IsExemptFromQuotas = true;

        // At once, for each may wait for its replicas; and answered in their order, which the asking broker relies on.
        var commands = request.Transactions.Select(transaction => new AddPartitionsCommand(
            transaction.TransactionalId,
            transaction.ProducerId,
            transaction.ProducerEpoch,
            PartitionsOf(transaction.Topics),
            transaction.VerifyOnly ? PartitionRegistrationMode.Verify : PartitionRegistrationMode.AddForProducer)).ToArray();
        var answers = await Task.WhenAll(commands.Select(command => AskAsync(command, context).AsTask())).ConfigureAwait(false);
        foreach (var (command, errors) in commands.Zip(answers))
        {
            var result = new AddPartitionsToTxnResponse.AddPartitionsToTxnResult { TransactionalId = command.TransactionalId };
            result.TopicResults.AddRange(Results(command.Partitions, errors));
            response.ResultsByTransaction.Add(result);
        }

        return response;
    }

    private async ValueTask<IReadOnlyList<ErrorCode>> AskAsync(AddPartitionsCommand command, RequestContext context)
    {
        if (command.TransactionalId.Length == 0)
        {
            return command.Refused(ErrorCode.InvalidRequest).Errors;
        }

        if (Impossible(command, context.ApiVersion) is { } impossible)
        {
            return impossible;
        }

        var reply = await transactions.AddPartitionsAsync(command, context.Cancellation).ConfigureAwait(false);
        return [.. reply.Errors.Select(error => error == ErrorCode.TransactionAbortable && context.ApiVersion < 5
            ? ErrorCode.InvalidTxnState
            : FencingErrors.For(error, context.ApiVersion, knownFrom: 2))];
    }

    /// <summary>What is wrong with any of the partitions; null: nothing.</summary>
    private ErrorCode[]? Impossible(AddPartitionsCommand command, short version)
    {
        var image = metadata.Image;
        var errors = command.Partitions.Select(partition =>
            version < FirstVersionOfBrokers && InternalTopics.Contains(partition.Topic) ? ErrorCode.TopicAuthorizationFailed
            : !image.TryGetTopic(partition.Topic, out var topic) || topic.Partition(partition.Partition) is null
                ? ErrorCode.UnknownTopicOrPartition
            : ErrorCode.OperationNotAttempted).ToArray();
        return errors.All(error => error == ErrorCode.OperationNotAttempted) ? null : errors;
    }

    private static TopicPartitionName[] PartitionsOf(
        IEnumerable<AddPartitionsToTxnRequest.AddPartitionsToTxnTopic> topics) =>
        [.. topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartitionName(topic.Name, partition))).Distinct()];

    private static IEnumerable<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> Results(
        IReadOnlyList<TopicPartitionName> partitions, IReadOnlyList<ErrorCode> errors)
    {
        foreach (var topic in partitions.Zip(errors).GroupBy(each => each.First.Topic, StringComparer.Ordinal))
        {
            var result = new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult { Name = topic.Key };
            foreach (var (partition, error) in topic)
            {
                result.ResultsByPartition.Add(new() { PartitionIndex = partition.Partition, PartitionErrorCode = error });
            }

            yield return result;
        }
    }
}
