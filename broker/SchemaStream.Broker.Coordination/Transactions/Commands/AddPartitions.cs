using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Commands;

/// <summary>What becomes of the partitions that a producer names.</summary>
public enum PartitionRegistrationMode
{
    /// <summary>They become part of the transaction, as the producer asked itself.</summary>
    Add,

    /// <summary>They become part of the transaction, as a broker asks for a producer of transactions v2 (KIP-890).</summary>
    AddForProducer,

    /// <summary>Only those that are part of it already are confirmed.</summary>
    Verify,
}

/// <summary>AddPartitionsToTxn and, with the partition that holds the group, AddOffsetsToTxn.</summary>
public sealed record AddPartitionsCommand(
    string TransactionalId,
    long ProducerId,
    short ProducerEpoch,
    IReadOnlyList<TopicPartitionName> Partitions,
    PartitionRegistrationMode Mode) : TransactionCommand<AddPartitionsReply>
{
    /// <inheritdoc/>
    public override AddPartitionsReply Refused(ErrorCode error) => new([.. Partitions.Select(_ => error)]);
}

/// <summary>One error for each partition, in the command's order; what concerns the transaction stands at every one.</summary>
public sealed record AddPartitionsReply(IReadOnlyList<ErrorCode> Errors) : TransactionReply;
