using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// TxnOffsetCommit v0–5. Offsets that count once the producer's transaction is committed. v3 says which member of the group
// commits (KIP-447). Up to v4 the producer has added the group to its transaction, which is made sure of where the offsets
// are kept; with v5 it is added there (KIP-890). v4 knows TRANSACTION_ABORTABLE.
internal sealed class TxnOffsetCommitHandler(IMetadataAccess metadata, IGroupAccess groups)
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
            Transaction = new TransactionalProducer(
                request.ProducerId, request.ProducerEpoch, request.TransactionalId, SupportOf(context.ApiVersion)),
            Topics = commits,
        };
        var isProducer = request.TransactionalId.Length > 0 && request.ProducerId >= 0 && request.ProducerEpoch >= 0;
        var reply = !isProducer ? command.Refused(ErrorCode.InvalidRequest)
            : request.GroupId.Length == 0 ? command.Refused(ErrorCode.InvalidGroupId)
            : await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        var next = 0;
        foreach (var partition in reply.Topics.SelectMany(topic => topic.Partitions))
        {
            open[next++].ErrorCode = partition.ErrorCode;
        }

        return response;
    }

    private static TransactionSupport SupportOf(short version) =>
        version >= AddsToTransaction ? TransactionSupport.AddsPartitions
        : version >= KnowsAbortable ? TransactionSupport.AbortableErrors
        : TransactionSupport.Default;

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
