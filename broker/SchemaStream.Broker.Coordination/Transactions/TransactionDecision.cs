using SchemaStream.Broker.Coordination.Transactions.Records;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>
/// What a command or a deadline leads to. Nothing has changed yet: the driver appends <see cref="Records"/>, hands the
/// decision to the shard's Accept and sees to the effects.
/// </summary>
public sealed class TransactionDecision
{
    internal TransactionDecision(IReadOnlyList<TransactionRecord> records, IReadOnlyList<TransactionEffect> effects, long basis)
    {
        Records = records;
        Effects = effects;
        Basis = basis;
    }

    /// <summary>To append to the shard's partition, in this order and all or none.</summary>
    public IReadOnlyList<TransactionRecord> Records { get; }

    /// <summary>In order.</summary>
    public IReadOnlyList<TransactionEffect> Effects { get; }

    /// <summary>The state of the shard this was decided on; accepting it on another would mix two histories.</summary>
    internal long Basis { get; }
}
