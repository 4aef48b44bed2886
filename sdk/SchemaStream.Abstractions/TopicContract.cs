namespace SchemaStream;

/// <summary>The immutable statement of what a topic carries.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Key">What its keys are; null while nothing has bound them.</param>
/// <param name="Value">What its values are; null while nothing has bound them.</param>
/// <param name="Binding">How it came about: an implicit contract never locks deletion.</param>
/// <param name="Since">When it was first bound; null in a contract that is still to be bound.</param>
/// <param name="BoundBy">What bound it, in words such as <c>PUT /contracts/topics/orders</c>; null before that.</param>
public sealed record TopicContract(
    string Topic,
    SlotContract? Key,
    SlotContract? Value,
    ContractBinding Binding = ContractBinding.Explicit,
    DateTimeOffset? Since = null,
    string? BoundBy = null)
{
    /// <summary>The contract of one slot.</summary>
    /// <param name="slot">Key or value.</param>
    public SlotContract? this[RecordSlot slot] => slot == RecordSlot.Key ? Key : Value;

    /// <summary>Throws unless a slot may carry what is offered; a slot that nothing has bound may carry anything.</summary>
    /// <param name="slot">Key or value.</param>
    /// <param name="offered">What a program wants to write there, or expects to read.</param>
    /// <exception cref="TopicContractException">The slot is bound to another format or type.</exception>
    public void Demand(RecordSlot slot, SlotContract offered)
    {
        if (this[slot] is { } bound && !bound.IsSameType(offered))
        {
            throw new TopicContractException(Topic, slot, bound.Describe(), offered.Describe());
        }
    }
}
