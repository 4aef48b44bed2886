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
    RemoteBrokers remote,
    TimeProvider timeProvider) : ITransactionAccess
{
    /// <summary>
    /// add.partitions.to.txn.retry.backoff.max.ms, and the one without max: a producer's next transaction may begin while the
    /// markers of the one before are still under way, which is sooner over than the producer would come again.
    /// </summary>
    private static readonly TimeSpan LongestWaitForEnd = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The same for a client that asks by itself, and of which nothing else waits in line meanwhile. Not for another broker:
    /// behind its question wait all its producers' next ones, and it asks again by itself.
    /// </summary>
    private static readonly TimeSpan LongestWaitOfClient = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseWhileEnding = TimeSpan.FromMilliseconds(5);

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
        var request = new RegistrationRequest(transactionalId, producerId, producerEpoch, partitions, verifyOnly);
        return await OnceEndedAsync(
            () => AskCoordinatorAsync(request, cancellationToken),
            errors => errors,
            verifyOnly ? TimeSpan.Zero : LongestWaitForEnd,
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<AddPartitionsReply> AddPartitionsAsync(AddPartitionsCommand command, CancellationToken cancellationToken) =>
        OnceEndedAsync(
            () => SubmitAsync(command.TransactionalId, command, cancellationToken),
            reply => reply.Errors,
            command.Mode == PartitionRegistrationMode.Add ? LongestWaitOfClient : TimeSpan.Zero,
            cancellationToken);

    /// <summary>Asks, and again while the transaction before is ending, as long as <paramref name="patience"/> lasts.</summary>
    private async ValueTask<TAnswer> OnceEndedAsync<TAnswer>(
        Func<ValueTask<TAnswer>> ask,
        Func<TAnswer, IReadOnlyList<ErrorCode>> errorsOf,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        var begin = timeProvider.GetTimestamp();
        var answer = await ask().ConfigureAwait(false);
        while (errorsOf(answer).Contains(ErrorCode.ConcurrentTransactions) && timeProvider.GetElapsedTime(begin) < patience)
        {
            await Task.Delay(PauseWhileEnding, timeProvider, cancellationToken).ConfigureAwait(false);
            answer = await ask().ConfigureAwait(false);
        }

        return answer;
    }

    private async ValueTask<IReadOnlyList<ErrorCode>> AskCoordinatorAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        var coordinator = shards.FindLeader(request.TransactionalId);
        if (coordinator == PartitionRegistration.NoLeader)
        {
            return [.. request.Partitions.Select(_ => ErrorCode.CoordinatorNotAvailable)];
        }

        if (coordinator != metadata.NodeId)
        {
            return await remote.Find(coordinator).RegisterAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        var command = new AddPartitionsCommand(
            request.TransactionalId,
            request.ProducerId,
            request.ProducerEpoch,
            request.Partitions,
            request.VerifyOnly ? PartitionRegistrationMode.Verify : PartitionRegistrationMode.AddForProducer);
        var reply = await SubmitAsync(request.TransactionalId, command, cancellationToken).ConfigureAwait(false);
        return reply.Errors;
    }
}
