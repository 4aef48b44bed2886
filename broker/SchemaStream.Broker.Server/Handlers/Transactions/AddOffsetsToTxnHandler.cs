using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// AddOffsetsToTxn v0–4. Adds the partition of __consumer_offsets that holds the group, which is created when it is first
// asked for. v2 knows PRODUCER_FENCED.
internal sealed class AddOffsetsToTxnHandler(IMetadataAccess metadata, IGroupAccess groups, ITransactionAccess transactions)
    : ApiHandler<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>
{
    protected override async ValueTask<AddOffsetsToTxnResponse?> HandleAsync(AddOffsetsToTxnRequest request, RequestContext context)
    {
        if (request.TransactionalId.Length == 0)
        {
            return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        if (!metadata.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var topic))
        {
            var found = await groups.FindCoordinatorAsync(request.GroupId, context.Cancellation).ConfigureAwait(false);
            if (found.Error != ErrorCode.None || !metadata.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out topic))
            {
                return new AddOffsetsToTxnResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable };
            }
        }

        var partition = GroupPartitioner.PartitionFor(request.GroupId, topic.Partitions.Length);
        var command = new AddPartitionsCommand(
            request.TransactionalId,
            request.ProducerId,
            request.ProducerEpoch,
            [new TopicPartitionName(InternalTopics.ConsumerOffsets, partition)],
            PartitionRegistrationMode.Add);
        var reply = await transactions.AddPartitionsAsync(command, context.Cancellation).ConfigureAwait(false);
        return new AddOffsetsToTxnResponse { ErrorCode = FencingErrors.For(reply.Errors[0], context.ApiVersion, knownFrom: 2) };
    }
}
