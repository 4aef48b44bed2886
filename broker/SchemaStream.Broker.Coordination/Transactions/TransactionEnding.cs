using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>
/// EndTxn. Its answer may get lost, so that it comes twice; and it may come late. Under transactions v1 the epoch tells
/// neither from the next transaction's own; under v2 it does, as every transaction has an epoch of its own.
/// </summary>
internal static class TransactionEnding
{
    /// <summary>The next state, if any, and the reply.</summary>
    public static (TransactionMetadata? Next, EndTransactionReply Reply) Decide(
        TransactionMetadata? current, EndTransactionCommand command, long nowMs)
    {
        if (current is null)
        {
            return Refused(command, ErrorCode.InvalidProducerIdMapping);
        }

        return command.BumpsEpoch ? WithNextEpoch(current, command, nowMs) : InPlace(current, command, nowMs);
    }

    private static (TransactionMetadata? Next, EndTransactionReply Reply) InPlace(
        TransactionMetadata current, EndTransactionCommand command, long nowMs)
    {
        if (current.ProducerId != command.ProducerId)
        {
            return Refused(command, ErrorCode.InvalidProducerIdMapping);
        }

        if (current.ProducerEpoch != command.ProducerEpoch)
        {
            return Refused(command, ErrorCode.ProducerFenced);
        }

        return current.State == TransactionState.Ongoing
            ? (current.Prepare(command.Commit, nowMs), Ended(current.ProducerId, current.ProducerEpoch))
            : Repeated(current, command);
    }

    private static (TransactionMetadata? Next, EndTransactionReply Reply) WithNextEpoch(
        TransactionMetadata current, EndTransactionCommand command, long nowMs)
    {
        if (current.IsNext(command.ProducerId, command.ProducerEpoch))
        {
            return Refused(command, ErrorCode.ConcurrentTransactions);
        }

        var isOverflowRepeated = IsRepeatedAfterOverflow(current, command);
        if (current.ProducerId != command.ProducerId && !isOverflowRepeated)
        {
            return Refused(command, ErrorCode.InvalidProducerIdMapping);
        }

        if (isOverflowRepeated || IsRepeated(current, command))
        {
            return Repeated(current, command);
        }

        if (current.ProducerEpoch != command.ProducerEpoch || current.IsPrepared)
        {
            // While markers are written, a producer that knows its next epoch already has to wait.
            return Refused(command, current.ProducerEpoch == command.ProducerEpoch
                ? ErrorCode.ConcurrentTransactions
                : ErrorCode.ProducerFenced);
        }

        if (current.State != TransactionState.Ongoing && command.Commit)
        {
            return Refused(command, ErrorCode.InvalidTxnState);
        }

        if (current.IsEpochExhausted && command.FreshProducerId < 0)
        {
            return (null, command.Refused(ErrorCode.CoordinatorLoadInProgress) with { NeedsProducerId = true });
        }

        var nextProducerId = current.IsEpochExhausted ? command.FreshProducerId : -1;
        var next = current.State == TransactionState.Ongoing
            ? current.PrepareWithNextEpoch(command.Commit, nextProducerId, nowMs)
            : current.AbortNothing(nextProducerId, nowMs);
        return (next, next.NextProducerId >= 0 ? Ended(next.NextProducerId, 0) : Ended(next.ProducerId, next.ProducerEpoch));
    }

    /// <summary>The transaction that this would end has been ended, and the epoch bumped, by the same request before.</summary>
    private static bool IsRepeated(TransactionMetadata current, EndTransactionCommand command) =>
        current.BumpsEpoch
        && (current.IsPrepared || current.IsComplete)
        && current.ProducerEpoch == command.ProducerEpoch + 1

        // The reserved epoch without a new producer id: someone else fenced this producer.
        && (current.ProducerEpoch != TransactionMetadata.ReservedEpoch || current.NextProducerId >= 0);

    private static bool IsRepeatedAfterOverflow(TransactionMetadata current, EndTransactionCommand command) =>
        current.BumpsEpoch
        && current.IsComplete
        && current.PreviousProducerId == command.ProducerId
        && command.ProducerEpoch == TransactionMetadata.ReservedEpoch - 1
        && current.ProducerEpoch == 0;

    /// <summary>What is decided stays as it is: the same again is confirmed, the opposite is a fault of the producer's.</summary>
    private static (TransactionMetadata?, EndTransactionReply) Repeated(TransactionMetadata current, EndTransactionCommand command)
    {
        var isCommit = current.State is TransactionState.CompleteCommit or TransactionState.PrepareCommit;
        var isSame = isCommit == command.Commit && (current.IsPrepared || current.IsComplete);
        return !isSame ? Refused(command, ErrorCode.InvalidTxnState)
            : current.IsPrepared ? Refused(command, ErrorCode.ConcurrentTransactions)
            : (null, Ended(current.ProducerId, current.ProducerEpoch));
    }

    private static EndTransactionReply Ended(long producerId, short producerEpoch) => new(ErrorCode.None, producerId, producerEpoch);

    private static (TransactionMetadata?, EndTransactionReply) Refused(EndTransactionCommand command, ErrorCode error) =>
        (null, command.Refused(error));
}
