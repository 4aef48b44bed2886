using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination;

/// <summary>
/// What a command or a deadline leads to. Nothing has changed yet: the driver appends <see cref="Records"/>, hands the
/// decision to the shard's Accept, sets the timers, and sends the replies once the records are committed.
/// </summary>
public sealed class GroupDecision
{
    /// <summary>To append to the shard's partition, in this order and all or none.</summary>
    public required IReadOnlyList<GroupRecord> Records { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<GroupEffect> Effects { get; init; }
}
