using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination;

/// <summary>
/// What a command or a deadline leads to. Nothing has changed yet: the driver appends <see cref="Records"/>, hands the
/// decision to the shard's Accept, sets the timers, and sends the replies once the records are committed.
/// </summary>
public sealed class GroupDecision
{
    internal GroupDecision()
    {
    }

    /// <summary>To append to the shard's partition, in this order and all or none.</summary>
    public required IReadOnlyList<GroupRecord> Records { get; init; }

    /// <summary>Where there is one, the records are one batch of this producer's transaction.</summary>
    public TransactionalProducer? Transaction { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<GroupEffect> Effects { get; init; }

    /// <summary>Groups as they are once the decision is accepted; null for one that is gone.</summary>
    internal IReadOnlyList<KeyValuePair<string, ClassicGroup?>> Sessions { get; init; } = [];

    /// <summary>What else changes in memory once the decision is accepted.</summary>
    internal Action? Accepted { get; init; }

    /// <summary>The state of the shard this was decided on; accepting it on another would mix two histories.</summary>
    internal long Basis { get; init; }
}
