using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>AddPartitionsToTxn: which partitions are part of a transaction.</summary>
internal static class PartitionRegistering
{
    /// <summary>The next state, if any, and the reply.</summary>
    public static (TransactionMetadata? Next, AddPartitionsReply Reply) Decide(
        TransactionMetadata? current, AddPartitionsCommand command, long nowMs)
    {
        if (Refusal(current, command) is var error && error != ErrorCode.None)
        {
            return (null, command.Refused(error));
        }

        if (command.Mode == PartitionRegistrationMode.Verify)
        {
            // Only what is under way counts: the partitions of the transaction before are forgotten with it.
            return (null, new AddPartitionsReply([.. command.Partitions.Select(partition =>
                current!.Partitions.Contains(partition) ? ErrorCode.None : ErrorCode.TransactionAbortable)]));
        }

        var partitions = current!.Partitions.Union(command.Partitions);
        var isKnown = current.State == TransactionState.Ongoing && partitions.Count == current.Partitions.Count;
        var clientVersion = command.Mode == PartitionRegistrationMode.AddForProducer ? TransactionMetadata.EpochBumpVersion : (short)0;
        return (isKnown ? null : current.Add(partitions, clientVersion, nowMs), command.Refused(ErrorCode.None));
    }

    private static ErrorCode Refusal(TransactionMetadata? current, AddPartitionsCommand command)
    {
        if (current is null)
        {
            return ErrorCode.InvalidProducerIdMapping;
        }

        if (current.IsNext(command.ProducerId, command.ProducerEpoch))
        {
            return ErrorCode.ConcurrentTransactions;
        }

        return current.ProducerId != command.ProducerId ? ErrorCode.InvalidProducerIdMapping
            : current.ProducerEpoch != command.ProducerEpoch ? ErrorCode.ProducerFenced
            : current.IsPrepared ? ErrorCode.ConcurrentTransactions
            : ErrorCode.None;
    }
}
