using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Batches;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>One partition's part of a produce: the append on the lane, then the wait for the acknowledgement.</summary>
internal sealed class ProduceOperation(OperationPool<ProduceOperation> pool) : LaneOperation<ProduceResult>, IAcknowledgement, IVerifiedWrite
{
    private HostedPartition? _partition;
    private BatchVerdict _batch;
    private ProduceOptions _options;
    private AppendOutcome _appended;

    protected internal override ILaneOwner? Owner => _partition;

    public void Prepare(HostedPartition partition, in BatchVerdict batch, in ProduceOptions options)
    {
        _partition = partition;
        _batch = batch;
        _options = options;
    }

    /// <summary>Everything that was asked for has it, or never will.</summary>
    void IAcknowledgement.Complete(ErrorCode error) => Complete(error == ErrorCode.None
        ? new ProduceResult(ErrorCode.None, _appended.BaseOffset, _appended.LogAppendTimeMs, _appended.LogStartOffset)
        : ProduceResult.Failed(error));

    protected internal override void Execute(Lane lane)
    {
        if (_partition!.Verifications is { } verifications && new RecordBatchHeader(_batch.Batches.Span) is { IsTransactional: true } header
            && _partition.Replica is { IsLeader: true }
            && verifications.IsNeeded(header.ProducerId, header.ProducerEpoch, _options.Support))
        {
            verifications.Begin(
                new TransactionClaim(
                    _options.TransactionalId!, header.ProducerId, header.ProducerEpoch, header.BaseSequence, _options.Support),
                this);
            return;
        }

        Append(lane);
    }

    void IVerifiedWrite.Verified(ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            Append(_partition!.Lane);
        }
        else
        {
            Complete(ProduceResult.Failed(ErrorOf(error, _options.Support), Reason(error)));
        }
    }

    void IVerifiedWrite.Failed(Exception cause) => Fail(cause);

    private static string? Reason(ErrorCode error) => error switch
    {
        ErrorCode.InvalidTxnState or ErrorCode.TransactionAbortable => "The partition is not part of the producer's transaction",
        ErrorCode.OutOfOrderSequenceNumber or ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => null,
        _ => $"The producer's transaction could not be verified: {error}",
    };

    /// <summary>
    /// Of what the coordinator said, or what kept it from being asked, older clients are told what has them try again
    /// without asking for metadata or a coordinator first.
    /// </summary>
    private static ErrorCode ErrorOf(ErrorCode error, TransactionSupport support) => error switch
    {
        ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        ErrorCode.TransactionAbortable when support == TransactionSupport.Default => ErrorCode.InvalidTxnState,
        ErrorCode.ConcurrentTransactions when support == TransactionSupport.AddsPartitions => error,
        ErrorCode.ConcurrentTransactions
            or ErrorCode.NetworkException
            or ErrorCode.RequestTimedOut
            or ErrorCode.CoordinatorLoadInProgress
            or ErrorCode.CoordinatorNotAvailable
            or ErrorCode.NotCoordinator => ErrorCode.NotEnoughReplicas,
        _ => error,
    };

    private void Append(Lane lane)
    {
        var partition = _partition!;
        if (partition.Replica is not { } replica)
        {
            Complete(ProduceResult.Failed(partition.Unavailable));
            return;
        }

        var all = _options.Acks == RequiredAcks.All;
        _appended = replica.Append(
            _batch.Batches, AppendOrigin.CheckedClient, _options.CurrentLeaderEpoch, all, lane.Clock.WallMs);
        if (_appended.Error != ErrorCode.None)
        {
            Complete(ProduceResult.Failed(_appended.Error) with { LogStartOffset = _appended.LogStartOffset });
            return;
        }

        partition.Traffic?.Produced(_batch.Batches.Length, _appended.NextOffset - _appended.BaseOffset);
        partition.FlushAsConfigured();
        if (!all && !(_options.Acks == RequiredAcks.Leader && replica.CommitsByFlush))
        {
            ((IAcknowledgement)this).Complete(ErrorCode.None);
            return;
        }

        replica.AwaitCommit(_appended.NextOffset, lane.Clock.SteadyMs + (long)_options.Timeout.TotalMilliseconds, this);
        partition.ArmAcksTimer();
    }

    protected internal override void Fail(Exception cause) => Complete(ProduceResult.Failed(
        cause is LaneClosedException ? ErrorCode.NotLeaderOrFollower : ErrorCode.KafkaStorageError));

    protected override void Recycle()
    {
        _batch.Rewritten?.Dispose();
        _batch = default;
        _partition = null;
        pool.Return(this);
    }
}
