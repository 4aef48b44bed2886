using System.Collections.Immutable;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>
/// Every change a transactional id goes through, each as the state that follows:
/// <code>
/// (none) → Empty → Ongoing → PrepareCommit → CompleteCommit → Ongoing …
///                          → PrepareAbort  → CompleteAbort  → Ongoing …
/// </code>
/// Empty and the complete states become Empty when a producer takes the id over, and are forgotten when they are old.
/// </summary>
internal static class TransactionTransitions
{
    public static TransactionMetadata Create(long producerId, int timeoutMs, long nowMs) => new()
    {
        ProducerId = producerId,
        ProducerEpoch = 0,
        TransactionTimeoutMs = timeoutMs,
        State = TransactionState.Empty,
        LastUpdateTimestampMs = nowMs,
    };

    /// <summary>A producer has the id from now on, under its next epoch.</summary>
    /// <param name="lastEpoch">The epoch whose producer asked; -1: another one, and who had the id is fenced.</param>
    public static TransactionMetadata TakeOver(
        this TransactionMetadata before, short epoch, short lastEpoch, int timeoutMs, long nowMs)
    {
        Invariant.That(!before.IsPrepared && before.State != TransactionState.Ongoing, "no transaction is under way");
        Invariant.That(epoch is >= 0 and < TransactionMetadata.ReservedEpoch, "the epoch is one that producers are given");
        return before with
        {
            ProducerEpoch = epoch,
            LastProducerEpoch = lastEpoch,
            NextProducerId = -1,
            TransactionTimeoutMs = timeoutMs,
            State = TransactionState.Empty,
            Partitions = TransactionMetadata.NoPartitions,
            StartTimestampMs = -1,
            LastUpdateTimestampMs = nowMs,
            ClientTransactionVersion = 0,
        };
    }

    /// <summary>As <see cref="TakeOver"/>, with a fresh producer id, as the old one's epochs are used up.</summary>
    public static TransactionMetadata Rotate(
        this TransactionMetadata before, long producerId, short lastEpoch, int timeoutMs, long nowMs) =>
        before.TakeOver(0, lastEpoch, timeoutMs, nowMs) with { ProducerId = producerId, PreviousProducerId = before.ProducerId };

    public static TransactionMetadata Add(
        this TransactionMetadata before, ImmutableSortedSet<TopicPartitionName> partitions, short clientVersion, long nowMs)
    {
        Invariant.That(!before.IsPrepared, "a decided transaction takes no partitions");
        return before with
        {
            State = TransactionState.Ongoing,
            Partitions = partitions,
            StartTimestampMs = before.State == TransactionState.Ongoing ? before.StartTimestampMs : nowMs,
            LastUpdateTimestampMs = nowMs,
            ClientTransactionVersion = clientVersion,
        };
    }

    /// <summary>Decides a transaction as its producer asked, without a new epoch: transactions v1.</summary>
    public static TransactionMetadata Prepare(this TransactionMetadata before, bool commit, long nowMs)
    {
        Invariant.That(before.State == TransactionState.Ongoing, "a transaction is under way");
        return before with
        {
            State = commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort,
            LastUpdateTimestampMs = nowMs,
            ClientTransactionVersion = 0,
        };
    }

    /// <summary>Decides a transaction as its producer asked, with a new epoch for the next one: transactions v2.</summary>
    /// <param name="nextProducerId">Where the epochs are used up, the id that is the producer's from then on.</param>
    public static TransactionMetadata PrepareWithNextEpoch(
        this TransactionMetadata before, bool commit, long nextProducerId, long nowMs)
    {
        Invariant.That(before.IsEpochExhausted == nextProducerId >= 0, "a new producer id is used when it is needed");
        return before.Prepare(commit, nowMs) with
        {
            ProducerEpoch = (short)(before.ProducerEpoch + 1),
            LastProducerEpoch = before.ProducerEpoch,
            NextProducerId = nextProducerId,
            ClientTransactionVersion = TransactionMetadata.EpochBumpVersion,
        };
    }

    /// <summary>An abort of nothing: transactions v2 may end before a partition was added, and it bumps the epoch as well.</summary>
    public static TransactionMetadata AbortNothing(this TransactionMetadata before, long nextProducerId, long nowMs)
    {
        Invariant.That(!before.IsPrepared && before.State != TransactionState.Ongoing, "no transaction is under way");
        Invariant.That(before.IsEpochExhausted == nextProducerId >= 0, "a new producer id is used when it is needed");
        var isRotated = nextProducerId >= 0;
        return before with
        {
            ProducerId = isRotated ? nextProducerId : before.ProducerId,
            PreviousProducerId = isRotated ? before.ProducerId : before.PreviousProducerId,
            ProducerEpoch = isRotated ? (short)0 : (short)(before.ProducerEpoch + 1),
            LastProducerEpoch = before.ProducerEpoch,
            State = TransactionState.CompleteAbort,
            StartTimestampMs = nowMs,
            LastUpdateTimestampMs = nowMs,
            ClientTransactionVersion = TransactionMetadata.EpochBumpVersion,
        };
    }

    /// <summary>
    /// Aborts a transaction over its producer's head, who is fenced. The epoch leaves out the one that the producer would
    /// be at after ending it itself under transactions v2: a late EndTxn of it must not be taken for a retry.
    /// </summary>
    public static TransactionMetadata Fence(this TransactionMetadata before, long nowMs) => before.Prepare(commit: false, nowMs) with
    {
        ProducerEpoch = (short)Math.Min(TransactionMetadata.ReservedEpoch, before.ProducerEpoch + (before.BumpsEpoch ? 2 : 1)),
        LastProducerEpoch = -1,
        ClientTransactionVersion = before.ClientTransactionVersion,
    };

    /// <summary>Every marker is written.</summary>
    public static TransactionMetadata Complete(this TransactionMetadata before, long nowMs)
    {
        Invariant.That(before.IsPrepared, "only a decided transaction is completed");
        var isRotated = before.NextProducerId >= 0;
        return before with
        {
            ProducerId = isRotated ? before.NextProducerId : before.ProducerId,
            PreviousProducerId = isRotated ? before.ProducerId : before.PreviousProducerId,
            NextProducerId = -1,
            ProducerEpoch = isRotated ? (short)0 : before.ProducerEpoch,
            State = before.State == TransactionState.PrepareCommit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort,
            Partitions = TransactionMetadata.NoPartitions,
            LastUpdateTimestampMs = nowMs,
        };
    }
}
