using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// TxnOffsetCommit v0–5. Offsets that count once the producer's transaction is committed. v3 says which member of the group
// commits (KIP-447). Up to v4 the producer has added the group to its transaction, which is made sure of; with v5 it is
// added here (KIP-890). v4 knows TRANSACTION_ABORTABLE.
internal sealed class TxnOffsetCommitHandler(IMetadataAccess metadata, IGroupAccess groups, ITransactionAccess transactions)
    : ApiHandler<TxnOffsetCommitRequest, TxnOffsetCommitResponse>
{
    private const short AddsToTransaction = 5;
    private const short KnowsAbortable = 4;

    protected override async ValueTask<TxnOffsetCommitResponse?> HandleAsync(TxnOffsetCommitRequest request, RequestContext context)
    {
        var response = new TxnOffsetCommitResponse();
        var commits = new List<TopicCommit>();
        // The answers still to come, in the order of the commits.
        var open = new List<TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition>();
        var image = metadata.Image;
        foreach (var topic in request.Topics)
        {
            Translate(topic, image, response, commits, open);
        }

        if (commits.Count == 0)
        {
            return response;
        }

        var command = new OffsetCommitCommand
        {
            GroupId = request.GroupId,
            GenerationIdOrMemberEpoch = request.GenerationId,
            MemberId = request.MemberId,
            GroupInstanceId = request.GroupInstanceId,
            Transaction = new TransactionalProducer(request.ProducerId, request.ProducerEpoch),
            Topics = commits,
        };
        var refusal = await RegisterAsync(request, image, context).ConfigureAwait(false);
        var reply = refusal == ErrorCode.None
            ? await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false)
            : command.Refused(refusal);
        var next = 0;
        foreach (var partition in reply.Topics.SelectMany(topic => topic.Partitions))
        {
            open[next++].ErrorCode = partition.ErrorCode;
        }

        return response;
    }

    /// <summary>The partition of <c>__consumer_offsets</c> has to be part of the transaction, or no marker would come to it.</summary>
    private async ValueTask<ErrorCode> RegisterAsync(TxnOffsetCommitRequest request, MetadataImage image, RequestContext context)
    {
        if (request.TransactionalId.Length == 0 || request.ProducerId < 0 || request.ProducerEpoch < 0)
        {
            return ErrorCode.InvalidRequest;
        }

        if (!image.TryGetTopic(InternalTopics.ConsumerOffsets, out var offsets))
        {
            return ErrorCode.NotCoordinator;
        }

        var partition = GroupPartitioner.PartitionFor(request.GroupId, offsets.Partitions.Length);
        if (offsets.Partition(partition)?.Leader != metadata.NodeId)
        {
            return ErrorCode.NotCoordinator;
        }

        var errors = await transactions.RegisterPartitionsAsync(
            request.TransactionalId,
            request.ProducerId,
            request.ProducerEpoch,
            [new TopicPartitionName(InternalTopics.ConsumerOffsets, partition)],
            verifyOnly: context.ApiVersion < AddsToTransaction,
            context.Cancellation).ConfigureAwait(false);
        return errors[0] switch
        {
            // Producers come again for these without looking for another coordinator of the group, which is not at fault.
            ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.NetworkException or ErrorCode.ConcurrentTransactions
                => ErrorCode.CoordinatorLoadInProgress,
            ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
            ErrorCode.TransactionAbortable when context.ApiVersion < KnowsAbortable => ErrorCode.InvalidTxnState,
            var error => error,
        };
    }

    private static void Translate(
        TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic topic,
        MetadataImage image,
        TxnOffsetCommitResponse response,
        List<TopicCommit> commits,
        List<TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition> open)
    {
        var answered = new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic { Name = topic.Name };
        response.Topics.Add(answered);
        var isKnown = image.TryGetTopic(topic.Name, out var found);
        var valid = new List<PartitionCommit>();
        foreach (var partition in topic.Partitions)
        {
            var answer = new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition { PartitionIndex = partition.PartitionIndex };
            answered.Partitions.Add(answer);
            if (!isKnown || found!.Partition(partition.PartitionIndex) is null)
            {
                answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                continue;
            }

            open.Add(answer);
            valid.Add(new PartitionCommit(
                partition.PartitionIndex, partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata));
        }

        if (valid.Count > 0)
        {
            commits.Add(new TopicCommit(topic.Name, valid));
        }
    }
}
