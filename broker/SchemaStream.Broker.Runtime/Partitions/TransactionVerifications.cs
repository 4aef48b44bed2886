using System.Runtime.ExceptionServices;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// Keeps transactions from hanging (KIP-890): the first write of a transaction in a partition waits until the transaction's
/// coordinator has confirmed that the partition is part of it, or has made it so. Later writes of the same producer wait
/// behind it, in their order; everyone else's do not. A marker that comes meanwhile has ended the transaction, and what
/// waited for it is refused. Owned by the partition's lane.
/// </summary>
/// <param name="verifies">
/// Whether partitions that clients have to add themselves are asked about. Where the leader adds them there is no way
/// around the coordinator: a transaction that it does not know of here would never be ended here.
/// </param>
internal sealed class TransactionVerifications(HostedPartition partition, ITransactionAccess transactions, bool verifies = true)
{
    /// <summary>Verifications that failed are remembered for their sequence; no more than so many.</summary>
    private const int MostRemembered = 1000;

    /// <summary>From it on every end of a transaction bumps the producer's epoch.</summary>
    private const short TransactionVersionTwo = 2;

    private readonly Dictionary<(long ProducerId, short ProducerEpoch), Verification> _verifications = [];

    /// <summary>Whether a write has to wait.</summary>
    public bool IsNeeded(long producerId, short producerEpoch, TransactionSupport support) =>
        (verifies || support == TransactionSupport.AddsPartitions) && IsNew(producerId, producerEpoch);

    /// <summary>Asks the coordinator, unless that is under way already, and tells the write what came of it.</summary>
    public void Begin(in TransactionClaim claim, IVerifiedWrite write)
    {
        var key = (claim.ProducerId, claim.ProducerEpoch);
        if (!_verifications.TryGetValue(key, out var verification))
        {
            ForgetIdle();
            _verifications[key] = verification = new Verification(claim.BaseSequence);
        }

        verification.LowestSequence = Math.Min(verification.LowestSequence, claim.BaseSequence);
        verification.Waiting.Add((claim, write));
        if (!verification.IsUnderWay)
        {
            verification.IsUnderWay = true;
            var asked = claim;
            _ = partition.Lane.RunBesideAsync(partition, () => AskAsync(asked, verification));
        }
    }

    /// <summary>A marker was appended: transactions up to its epoch have ended.</summary>
    public void Ended(in TransactionMarker marker)
    {
        if (_verifications.Count == 0)
        {
            return;
        }

        foreach (var key in _verifications.Keys.ToArray())
        {
            // From version 2 on the marker has the epoch of the transaction that comes next.
            if (key.ProducerId != marker.ProducerId)
            {
                continue;
            }

            if (key.ProducerEpoch < marker.ProducerEpoch
                || (marker.TransactionVersion < TransactionVersionTwo && key.ProducerEpoch == marker.ProducerEpoch))
            {
                Drop(key, ErrorCode.InvalidTxnState);
            }
        }
    }

    /// <summary>This replica does not lead any more, or not as before.</summary>
    public void DropAll(ErrorCode error)
    {
        foreach (var key in _verifications.Keys.ToArray())
        {
            Drop(key, error);
        }
    }

    /// <summary>Whether no transaction of the producer's is under way here.</summary>
    private bool IsNew(long producerId, short producerEpoch) =>
        partition.Log is { } log && !log.HasTransaction(producerId, producerEpoch);

    private async Task AskAsync(TransactionClaim claim, Verification verification)
    {
        var error = await RegisterAsync(claim).ConfigureAwait(false);
        await partition.Lane.RunAsync(new LaneCall<bool>(partition, _ => Answered(claim, verification, error))).ConfigureAwait(false);
    }

    private async Task<ErrorCode> RegisterAsync(TransactionClaim claim)
    {
        try
        {
            var errors = await transactions.RegisterPartitionsAsync(
                claim.TransactionalId,
                claim.ProducerId,
                claim.ProducerEpoch,
                [new TopicPartitionName(partition.Topic, partition.Id.Partition)],
                verifyOnly: claim.Support != TransactionSupport.AddsPartitions,
                CancellationToken.None).ConfigureAwait(false);
            return errors[0];
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            // The broker stops, and asks no other any more: not the partition's fault.
            return ErrorCode.NetworkException;
        }
    }

    private bool Answered(in TransactionClaim claim, Verification verification, ErrorCode error)
    {
        var key = (claim.ProducerId, claim.ProducerEpoch);
        if (!_verifications.TryGetValue(key, out var current) || !ReferenceEquals(current, verification))
        {
            // Dropped meanwhile, and everyone who waited was told.
            return false;
        }

        verification.IsUnderWay = false;
        var waiting = verification.Waiting.ToArray();
        verification.Waiting.Clear();
        ExceptionDispatchInfo? fault = null;
        foreach (var (write, told) in waiting)
        {
            try
            {
                told.Verified(error == ErrorCode.None ? CheckSequence(write, verification) : error);
            }
            catch (Exception cause)
            {
                // The others are answered too; then the fault is the lane's to handle.
                told.Failed(cause);
                fault ??= ExceptionDispatchInfo.Capture(cause);
            }
        }

        if (!IsNew(claim.ProducerId, claim.ProducerEpoch))
        {
            _verifications.Remove(key);
        }

        fault?.Throw();
        return true;
    }

    /// <summary>
    /// A partition takes any first sequence of a producer that it does not know, but not one that is behind another that
    /// it has seen and not written; and from producers that know epochs to be bumped only 0.
    /// </summary>
    private ErrorCode CheckSequence(in TransactionClaim write, Verification verification)
    {
        if (partition.Log is not { } log
            || write.BaseSequence < 0
            || log.HasTransaction(write.ProducerId, write.ProducerEpoch))
        {
            return ErrorCode.None;
        }

        var isUnknown = write.Support == TransactionSupport.AddsPartitions && !log.HasBatchesOf(write.ProducerId);
        return write.BaseSequence > verification.LowestSequence || (isUnknown && write.BaseSequence != 0)
            ? ErrorCode.OutOfOrderSequenceNumber
            : ErrorCode.None;
    }

    private void Drop((long ProducerId, short ProducerEpoch) key, ErrorCode error)
    {
        if (_verifications.Remove(key, out var verification))
        {
            foreach (var (_, write) in verification.Waiting)
            {
                write.Verified(error);
            }
        }
    }

    private void ForgetIdle()
    {
        if (_verifications.Count < MostRemembered)
        {
            return;
        }

        foreach (var key in _verifications.Where(each => !each.Value.IsUnderWay).Select(each => each.Key).ToArray())
        {
            _verifications.Remove(key);
        }
    }

    private sealed class Verification(int lowestSequence)
    {
        public List<(TransactionClaim Claim, IVerifiedWrite Write)> Waiting { get; } = [];

        public bool IsUnderWay { get; set; }

        public int LowestSequence { get; set; } = lowestSequence;
    }
}
