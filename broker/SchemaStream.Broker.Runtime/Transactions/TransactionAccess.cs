using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Coordinators;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>The handlers' and the partitions' door to the transaction coordinators.</summary>
internal sealed class TransactionAccess(
    IMetadataAccess metadata,
    CoordinatorShards<TransactionShardHost> shards,
    IProducerIdAccess producerIds,
    RemoteBrokers remote) : ITransactionAccess
{
    /// <summary>Completes when the shards that are being loaded are loaded.</summary>
    public Task Loaded => shards.Loaded;

    public ValueTask<CoordinatorResult> FindCoordinatorAsync(string transactionalId, CancellationToken cancellationToken) =>
        shards.FindAsync(transactionalId, cancellationToken);

    public async ValueTask<TReply> SubmitAsync<TReply>(
        string transactionalId, TransactionCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : TransactionReply
    {
        var reply = await shards.SubmitAsync<TReply>(transactionalId, command, cancellationToken).ConfigureAwait(false);
        if (!reply.NeedsProducerId)
        {
            return reply;
        }

        // Only asked for when it is needed: the ids of a block that are not used are lost.
        var fresh = await producerIds.AllocateAsync(cancellationToken).ConfigureAwait(false);
        return fresh.Error == ErrorCode.None
            ? await shards.SubmitAsync<TReply>(transactionalId, command.WithProducerId(fresh.ProducerId), cancellationToken)
                .ConfigureAwait(false)
            : command.Refused(fresh.Error);
    }

    public ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        TransactionCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : TransactionReply => shards.SubmitToAllAsync<TReply>(command, cancellationToken);

    public async ValueTask<IReadOnlyList<ErrorCode>> RegisterPartitionsAsync(
        string transactionalId,
        long producerId,
        short producerEpoch,
        IReadOnlyList<TopicPartitionName> partitions,
        bool verifyOnly,
        CancellationToken cancellationToken)
    {
        var coordinator = shards.FindLeader(transactionalId);
        if (coordinator == PartitionRegistration.NoLeader)
        {
            return [.. partitions.Select(_ => ErrorCode.CoordinatorNotAvailable)];
        }

        if (coordinator != metadata.NodeId)
        {
            var request = new RegistrationRequest(transactionalId, producerId, producerEpoch, partitions, verifyOnly);
            return await remote.Find(coordinator).RegisterAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var command = new AddPartitionsCommand(
            transactionalId,
            producerId,
            producerEpoch,
            partitions,
            verifyOnly ? PartitionRegistrationMode.Verify : PartitionRegistrationMode.AddForProducer);
        var reply = await SubmitAsync(transactionalId, command, cancellationToken).ConfigureAwait(false);
        return reply.Errors;
    }
}
