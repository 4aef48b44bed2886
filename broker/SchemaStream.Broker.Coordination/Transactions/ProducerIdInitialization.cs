using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Coordination.Transactions.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>InitProducerId: what a producer that takes a transactional id over is given.</summary>
internal static class ProducerIdInitialization
{
    /// <summary>The next state, if any, and the reply.</summary>
    public static (TransactionMetadata? Next, InitProducerIdReply Reply) Decide(
        TransactionMetadata? current, InitProducerIdCommand command, TransactionShardOptions options, long nowMs)
    {
        if (command.TransactionTimeout <= TimeSpan.Zero || command.TransactionTimeout > options.MaxTimeout)
        {
            return Refused(command, ErrorCode.InvalidTransactionTimeout);
        }

        if (current is null && !TransactionRecordFormat.CanHold(command.TransactionalId))
        {
            return Refused(command, ErrorCode.InvalidRequest);
        }

        var timeoutMs = (int)command.TransactionTimeout.TotalMilliseconds;
        if (current is null)
        {
            return command.FreshProducerId < 0
                ? NeedsProducerId()
                : Given(TransactionTransitions.Create(command.FreshProducerId, timeoutMs, nowMs));
        }

        if (command.ProducerId >= 0 && !IsOfThisId(current, command))
        {
            return Refused(command, ErrorCode.ProducerFenced);
        }

        return current.State switch
        {
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => Refused(command, ErrorCode.ConcurrentTransactions),

            // What it left has to end before it can go on; it comes again.
            TransactionState.Ongoing => (current.Fence(nowMs), command.Refused(ErrorCode.ConcurrentTransactions)),
            _ => TakeOver(current, command, timeoutMs, nowMs),
        };
    }

    /// <summary>Whether what the producer says it has can be continued under this id; its epoch is looked at later.</summary>
    private static bool IsOfThisId(TransactionMetadata current, InitProducerIdCommand command) =>
        command.ProducerId == current.ProducerId
        || current.IsNext(command.ProducerId, command.ProducerEpoch)

        // A retry, after the answer with a new producer id got lost.
        || (command.ProducerId == current.PreviousProducerId && TransactionMetadata.IsExhausted(command.ProducerEpoch));

    private static (TransactionMetadata? Next, InitProducerIdReply Reply) TakeOver(
        TransactionMetadata current, InitProducerIdCommand command, int timeoutMs, long nowMs)
    {
        var isContinued = command.ProducerId >= 0;
        if (isContinued && command.ProducerEpoch != current.ProducerEpoch)
        {
            // A retry of the call that led to the present epoch is told the same. Anyone else is too late.
            return current.LastProducerEpoch >= 0 && command.ProducerEpoch == current.LastProducerEpoch
                && current.ProducerEpoch < TransactionMetadata.ReservedEpoch
                ? Given(current.TakeOver(current.ProducerEpoch, current.LastProducerEpoch, timeoutMs, nowMs))
                : Refused(command, ErrorCode.ProducerFenced);
        }

        var lastEpoch = isContinued ? current.ProducerEpoch : (short)-1;
        if (!current.IsEpochExhausted)
        {
            return Given(current.TakeOver((short)(current.ProducerEpoch + 1), lastEpoch, timeoutMs, nowMs));
        }

        return command.FreshProducerId < 0
            ? NeedsProducerId()
            : Given(current.Rotate(command.FreshProducerId, lastEpoch, timeoutMs, nowMs));
    }

    private static (TransactionMetadata?, InitProducerIdReply) Given(TransactionMetadata next) =>
        (next, new InitProducerIdReply(ErrorCode.None, next.ProducerId, next.ProducerEpoch));

    private static (TransactionMetadata?, InitProducerIdReply) Refused(InitProducerIdCommand command, ErrorCode error) =>
        (null, command.Refused(error));

    private static (TransactionMetadata?, InitProducerIdReply) NeedsProducerId() =>
        (null, new InitProducerIdReply(ErrorCode.CoordinatorLoadInProgress, -1, -1) { NeedsProducerId = true });
}
